package dev.drover.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One of the servers: the real program, started again at once whenever it ends, as a supervisor
 * would do it.
 */
final class Replica implements AutoCloseable {
  private static final long RESTART_MILLIS = 200;

  private final String name;
  private final Path folder;
  private final Path log;
  private final List<String> options;
  private final int port = PostgresProcess.freePort();
  private final ScheduledExecutorService timer;
  private final List<Exit> exits = new CopyOnWriteArrayList<>();
  private final List<Duration> starts = new CopyOnWriteArrayList<>();
  private Process process;
  private boolean asked;
  private boolean closed;
  private volatile boolean ready;
  private volatile boolean paused;

  /**
   * An end of the process.
   *
   * @param asked whether this suite had killed or stopped it
   * @param wasReady whether it took requests before
   */
  record Exit(Instant at, int code, boolean asked, boolean wasReady) {}

  Replica(String name, Path folder, Path log, ScheduledExecutorService timer, String... options) {
    this.name = name;
    this.folder = folder;
    this.log = log;
    this.timer = timer;
    this.options = List.of(options);
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** Whether it takes requests, as far as it has said so, and is not paused. */
  boolean isReady() {
    return ready && !paused;
  }

  boolean isPaused() {
    return paused;
  }

  List<Exit> exits() {
    return List.copyOf(exits);
  }

  /** How long each start took until it was ready. */
  List<Duration> starts() {
    return List.copyOf(starts);
  }

  synchronized void start() {
    if (closed) {
      return;
    }
    Path jar = home().resolve("target/drover.jar");
    assertThat(jar).as("the packaged program; run mvn package").exists();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-jar", jar.toString(), "serve"));
    command.addAll(List.of("--port", "" + port, "--metrics-port", "0"));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("DROVER_"));
    try {
      asked = false;
      process = builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Process started = process;
    Thread reader = new Thread(() -> read(started), "output-" + name);
    reader.setDaemon(true);
    reader.start();
    var unused = started.onExit().thenAccept(this::ended);
  }

  private synchronized void ended(Process gone) {
    exits.add(new Exit(Instant.now(), gone.exitValue(), asked || closed, ready));
    ready = false;
    paused = false;
    if (!closed) {
      var unused = timer.schedule(this::start, RESTART_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** SIGKILL: no hook runs. */
  synchronized void kill() {
    asked = true;
    ready = false;
    process.toHandle().destroyForcibly();
  }

  /** SIGTERM. */
  synchronized void terminate() {
    asked = true;
    process.toHandle().destroy(); // Process.destroy() would close our end of its output
  }

  /** SIGSTOP: it stands still with all its connections open. */
  synchronized void pause() {
    paused = true;
    Command.signal("STOP", process.pid());
  }

  /** SIGCONT, if it is still the process that was paused. */
  synchronized void resume() {
    if (paused) {
      Command.signal("CONT", process.pid());
      paused = false;
    }
  }

  synchronized ProcessHandle handle() {
    return process.toHandle();
  }

  private void read(Process from) {
    long begin = System.nanoTime();
    try (BufferedReader printed = from.inputReader();
        BufferedWriter file =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      file.write("--- started as " + from.pid() + "\n");
      for (String line = printed.readLine(); line != null; line = printed.readLine()) {
        file.write(line + "\n");
        file.flush();
        if (line.contains("Drover is ready")) {
          starts.add(Duration.ofNanos(System.nanoTime() - begin));
          ready = from.isAlive();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of the sources. */
  static Path home() {
    return Path.of(System.getProperty("drover.home", "")).toAbsolutePath();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (process == null) {
        return;
      }
      resume();
      process.toHandle().destroyForcibly();
    }
  }
}
