package dev.drover.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The {@code bwrap} program of this host, and what its version can do. */
record Bubblewrap(Path program, boolean sizesTmpfs, boolean disablesNamespaces) {
  private static final int PROBE_SECONDS = 10;

  /** What {@link #find} gives: the program, or why a sandbox cannot be had. */
  record Finding(Optional<Bubblewrap> usable, String reason) {}

  /** Looks for the program and really tries it once. */
  static Finding find() {
    Path program = CommandLine.onPath("bwrap").orElse(null);
    if (program == null) {
      return none("bubblewrap (bwrap) is not installed; Debian: apt-get install bubblewrap");
    }
    try {
      String help = run(List.of(program.toString(), "--help")).text();
      Bubblewrap found =
          new Bubblewrap(program, help.contains("--size "), help.contains("--disable-userns"));
      Output output = run(found.probe());
      if (output.exitCode() != 0) {
        return none("bubblewrap does not work here: " + output.text() + hint(output.text()));
      }
      return new Finding(Optional.of(found), "");
    } catch (IOException e) {
      return none("bubblewrap cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return none("interrupted while bubblewrap was tried");
    }
  }

  /** The beginning of each sandbox's command: everything is shut off, no right is kept. */
  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("--unshare-all", "--unshare-user"));
    if (disablesNamespaces) {
      command.add("--disable-userns");
    }
    command.addAll(List.of("--uid", "65534", "--gid", "65534", "--hostname", "agent"));
    command.addAll(List.of("--die-with-parent", "--new-session", "--cap-drop", "ALL"));
    return command;
  }

  /** Tries a filter of system calls: why it does not work, or nothing. */
  String fault(Path filter) {
    List<String> command = probe();
    command.addAll(1, List.of("--seccomp", Launcher.FILTER));
    try {
      Output output = run(Launcher.of(List.of(), Optional.of(filter), List.of(), command));
      return output.exitCode() == 0 ? "" : "bubblewrap can't set a filter: " + output.text();
    } catch (IOException e) {
      return "bubblewrap cannot be started: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while a filter was tried";
    }
  }

  private List<String> probe() {
    List<String> command = command();
    command.addAll(List.of("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"));
    command.addAll(List.of("--tmpfs", "/tmp", "--", "true"));
    return command;
  }

  private record Output(int exitCode, String text) {}

  private static Output run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream in = process.getInputStream()) {
      process.getOutputStream().close();
      if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Output(-1, "no answer within " + PROBE_SECONDS + " s");
      }
      String text = new String(in.readNBytes(64 << 10), StandardCharsets.UTF_8);
      return new Output(process.exitValue(), text.strip());
    }
  }

  private static String hint(String text) {
    if (text.contains("uid map")
        || text.contains("loopback")
        || text.contains("ermission denied")) {
      return "; user namespaces are restricted on this host: allow them to bwrap, or"
          + " sysctl kernel.apparmor_restrict_unprivileged_userns=0";
    } else if (text.contains("namespace")) {
      return "; user namespaces are forbidden on this host: sysctl"
          + " kernel.unprivileged_userns_clone=1 and user.max_user_namespaces above 0; in a"
          + " container, allow them in its seccomp profile";
    }
    return "";
  }

  private static Finding none(String reason) {
    return new Finding(Optional.empty(), reason);
  }
}
