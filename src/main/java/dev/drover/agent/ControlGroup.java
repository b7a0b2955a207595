package dev.drover.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.drover.agent.AgentManifest.Limits;
import dev.drover.agent.Bounds.Breach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt's control group: one folder, or with version 1 one for each controller. */
final class ControlGroup {
  private static final Logger LOG = LoggerFactory.getLogger(ControlGroup.class);
  private static final long PERIOD_MICROS = 100_000;
  private static final int PROBE_SECONDS = 5;

  private final ControlGroupLayout layout;
  private final List<Path> folders;
  private final Limits limits;
  private final Consumer<Path> remover;

  ControlGroup(
      ControlGroupLayout layout, List<Path> folders, Limits limits, Consumer<Path> remover) {
    this.layout = layout;
    this.folders = List.copyOf(folders);
    this.limits = limits;
    this.remover = remover;
  }

  /** Sets the bounds. */
  void limit(int extra) throws IOException {
    String memory = String.valueOf(limits.memory());
    long quota = Math.max(1_000, Math.round(limits.cpus() * PERIOD_MICROS));
    write("pids", "pids.max", String.valueOf(limits.pids() + extra));
    if (layout.unified()) {
      write("memory", "memory.max", memory);
      writeIfThere("memory", "memory.swap.max", "0");
      writeIfThere("memory", "memory.oom.group", "1");
      if (layout.hasCpu()) {
        write("cpu", "cpu.max", quota + " " + PERIOD_MICROS);
        write("cpu", "cpu.weight", "50");
      }
    } else {
      write("memory", "memory.limit_in_bytes", memory);
      writeIfThere("memory", "memory.memsw.limit_in_bytes", memory);
      if (layout.hasCpu()) {
        write("cpu", "cpu.shares", "512"); // half of what others get, as with v2's weight
        write("cpu", "cpu.cfs_period_us", String.valueOf(PERIOD_MICROS));
        write("cpu", "cpu.cfs_quota_us", String.valueOf(quota));
      }
    }
  }

  /** Where a process writes {@code 0} to enter. */
  List<Path> doors() {
    return folders.stream().map(folder -> folder.resolve("cgroup.procs")).toList();
  }

  /** Has a process enter and end: whether that is allowed is known only when it is done. */
  void enter() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c"));
    command.add("for door; do echo 0 >\"$door\" || exit 1; done");
    command.add("sh");
    doors().forEach(door -> command.add(door.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("a process did not enter a group within " + PROBE_SECONDS + " s");
    } else if (process.exitValue() != 0) {
      throw new IOException(new String(process.getInputStream().readNBytes(1_000), UTF_8).strip());
    }
  }

  /** Whether the kernel had to refuse or kill something. */
  Optional<Breach> breach() {
    if (count("pids", "pids.events", "max") > 0) {
      String message = "wanted more processes and threads; resources.pids allows %d";
      return Optional.of(new Breach(FailureType.PIDS, message.formatted(limits.pids())));
    }
    String events = layout.unified() ? "memory.events" : "memory.oom_control";
    if (count("memory", events, "oom_kill") > 0) {
      String message = "wanted more memory; resources.memory allows %s";
      return Optional.of(
          new Breach(FailureType.MEMORY, message.formatted(ByteSize.print(limits.memory()))));
    }
    return Optional.empty();
  }

  /** Kills all that is in it, also what forks meanwhile. */
  void kill() {
    try {
      if (Files.exists(folders.get(0).resolve("cgroup.kill"))) {
        Files.writeString(folders.get(0).resolve("cgroup.kill"), "1", StandardOpenOption.WRITE);
      } else {
        Files.readAllLines(folders.get(0).resolve("cgroup.procs")).stream()
            .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
            .forEach(ProcessHandle::destroyForcibly);
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("A control group could not be killed; its sandbox can");
    }
  }

  void remove() {
    folders.forEach(remover);
  }

  private void write(String controller, String file, String value) throws IOException {
    Path folder = layout.controllers().get(controller);
    int index = folder == null ? -1 : layout.bases().indexOf(folder);
    if (index >= 0) {
      Files.writeString(folders.get(index).resolve(file), value, StandardOpenOption.WRITE);
    }
  }

  private void writeIfThere(String controller, String file, String value) throws IOException {
    try {
      write(controller, file, value);
    } catch (NoSuchFileException e) {
      LOG.atDebug().addKeyValue("file", file).log("This kernel does not have it");
    }
  }

  private long count(String controller, String file, String name) {
    int index = layout.bases().indexOf(layout.controllers().get(controller));
    try {
      for (String line : Files.readAllLines(folders.get(index).resolve(file))) {
        if (line.startsWith(name + " ")) {
          return Long.parseLong(line.substring(name.length() + 1).strip());
        }
      }
    } catch (IOException e) {
      return 0; // it has been removed: the attempt is over
    }
    return 0;
  }
}
