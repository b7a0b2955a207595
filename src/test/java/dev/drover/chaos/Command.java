package dev.drover.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short program of this machine, run to its end. */
final class Command {
  private static final long SECONDS = 90;

  private Command() {}

  /** Its exit code; what it prints goes to a file. */
  static int run(Path output, List<String> words) {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(words + " did not end");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(words + " was interrupted", e);
    }
  }

  /** Sends a signal that Java has no word for. */
  static void signal(String name, long pid) {
    run(Path.of("/dev/null"), List.of("kill", "-" + name, "" + pid));
  }

  /** Whether this is the superuser, which PostgreSQL refuses to be. */
  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
