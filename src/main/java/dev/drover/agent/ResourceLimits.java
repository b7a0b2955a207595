package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's own limits for each process. They bound what one can take, and where there are no
 * control groups what it can take between two looks of the {@link ResourceWatch}.
 */
final class ResourceLimits {
  private static final Pattern ROW =
      Pattern.compile("(Max [a-z ]+?) {2,}(\\S+) +(\\S+)( +\\S+)? *");
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** No agent writes a larger file, wherever that is. */
  private static final long FILE = 1L << 30;

  private final Map<String, Long> hard = hardLimits();
  private final Optional<Path> nice = CommandLine.onPath("nice");
  private final Optional<Path> prlimit = CommandLine.onPath("prlimit").filter(p -> !hard.isEmpty());
  private final boolean countsBySandbox = countsBySandbox();

  /** What stands before a command so that it runs within the limits. */
  List<String> prefix(AgentManifest manifest) {
    AgentManifest.Limits limits = manifest.limits();
    List<String> prefix = new ArrayList<>(behind());
    prlimit.ifPresent(
        p ->
            prefix.addAll(
                List.of(
                    p.toString(),
                    "--data=" + data(limits),
                    "--core=0",
                    "--nofile=" + files(limits),
                    "--fsize=" + fileSize(limits),
                    "--cpu=" + cpu(manifest),
                    "--")));
    return prefix;
  }

  /** However many an agent's processes are, they must not starve the thread that counts them. */
  List<String> behind() {
    return nice.map(n -> List.of(n.toString(), "-n", "10")).orElse(List.of());
  }

  /** The same limits as a shell's {@code ulimit} takes them, in its units. */
  List<String> words(AgentManifest manifest) {
    AgentManifest.Limits limits = manifest.limits();
    if (hard.isEmpty()) {
      return List.of();
    }
    return List.of(
        "-c=0",
        "-d=" + (data(limits) >> 10),
        "-n=" + files(limits),
        "-f=" + (fileSize(limits) >> 9),
        "-t=" + cpu(manifest));
  }

  /** Address space that is reserved but never touched counts here, so the bound is a loose one. */
  private long data(AgentManifest.Limits limits) {
    return Math.min(limits.memory() * 2 + (512L << 20), hard("Max data size"));
  }

  private long files(AgentManifest.Limits limits) {
    return Math.min(limits.files(), hard("Max open files"));
  }

  private long fileSize(AgentManifest.Limits limits) {
    return Math.min(Math.max(FILE, limits.tmp()), hard("Max file size"));
  }

  /**
   * What no other bound has ended by then has used all processors for the whole of its time. A
   * process that is kept may do so for each of its attempts.
   */
  private long cpu(AgentManifest manifest) {
    long attempts = manifest.warm().map(AgentManifest.Warm::attempts).orElse(1);
    long seconds = manifest.limits().timeout().toSeconds() * attempts;
    long most = seconds * Runtime.getRuntime().availableProcessors() + 60;
    return Math.min(most, hard("Max cpu time"));
  }

  /** The same within a sandbox, where the kernel counts the sandbox's own processes alone. */
  List<String> inside(AgentManifest.Limits limits) {
    String count = "--nproc=" + limits.pids() * 4L; // the watch, which tells why, comes first
    return countsBySandbox && prlimit.isPresent() ? List.of("prlimit", count, "--") : List.of();
  }

  /**
   * Since Linux 5.14 processes are counted by user namespace; before that, the server's own would
   * count too. Root's are never limited, not even in a sandbox.
   */
  private static boolean countsBySandbox() {
    Matcher version = VERSION.matcher(System.getProperty("os.version"));
    try {
      return version.matches()
          && Integer.parseInt(version.group(1)) * 1_000 + Integer.parseInt(version.group(2))
              >= 5_014
          && !Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false; // no Linux
    }
  }

  /** One that is lower already is left as it is. */
  private long hard(String name) {
    return hard.getOrDefault(name, 0L);
  }

  /** What this server itself may have at most; empty where there is no {@code /proc}. */
  private static Map<String, Long> hardLimits() {
    Map<String, Long> limits = new HashMap<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        Matcher row = ROW.matcher(line);
        if (row.matches()) {
          String value = row.group(3);
          limits.put(
              row.group(1), value.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(value));
        }
      }
    } catch (IOException e) {
      return Map.of(); // no Linux
    }
    return Map.copyOf(limits);
  }
}
