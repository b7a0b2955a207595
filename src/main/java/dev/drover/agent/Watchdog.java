package dev.drover.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The child process that kills agents when this process cannot: it runs {@code leash.sh}. It keeps
 * away from signals that are meant for the server, and ends when its stdin does.
 */
final class Watchdog {
  private final Process process;
  private final OutputStream feed;
  private final Optional<Path> door;

  private Watchdog(Process process) {
    this.process = process;
    this.feed = process.getOutputStream();
    this.door = door(process.pid());
  }

  /**
   * Starts it.
   *
   * @param limit how long each renewal lasts
   */
  static Watchdog start(Path bash, Duration limit) throws IOException {
    List<String> command = new ArrayList<>();
    // A terminal's Ctrl-Z goes to every process of the server's session.
    CommandLine.onPath("setsid").ifPresent(s -> command.add(s.toString()));
    String hundredths = String.valueOf(limit.toMillis() / 10);
    command.addAll(List.of(bash.toString(), "--noprofile", "--norc", "-s"));
    command.addAll(List.of("drover-leash", hundredths));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().put("LC_ALL", "C");
    Watchdog watchdog = new Watchdog(builder.start());
    watchdog.write(script());
    return watchdog;
  }

  private static byte[] script() {
    try (InputStream in = Watchdog.class.getResourceAsStream("leash.sh")) {
      if (in == null) {
        throw new IllegalStateException("leash.sh is missing in Drover's jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Feeds it a line. May block while the watchdog stands still. */
  void tell(String line) throws IOException {
    write((line + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void write(byte[] bytes) throws IOException {
    feed.write(bytes);
    feed.flush(); // a line in one piece: others write to the same pipe
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Where processes that this one has started can feed it themselves; Linux only. */
  Optional<Path> door() {
    return door;
  }

  /** Lets it kill what is still registered, and end. */
  void end() throws IOException {
    feed.close();
  }

  /** Ends it at once, and with it any call that it blocks. */
  void destroy() {
    process.destroyForcibly();
  }

  private static Optional<Path> door(long pid) {
    Path door = Path.of("/proc/" + pid + "/fd/0");
    try (OutputStream tried = Files.newOutputStream(door, StandardOpenOption.WRITE)) {
      tried.flush();
      return Optional.of(door);
    } catch (IOException e) {
      return Optional.empty(); // no Linux, or one that does not let us
    }
  }
}
