package dev.drover.agent.dagger;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CLI's {@code dagger session}: it connects to the engine, and ends when its stdin does, which
 * is also when this process dies. Its pipes are read for as long as it lives.
 */
final class SessionProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SessionProcess.class);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int FIRST_LINES = 20;
  private static final int LINE = 500;

  private final Process process;
  private final CompletableFuture<Connection> connected = new CompletableFuture<>();
  private final List<String> said = new ArrayList<>();

  /** Where the session listens, and what it asks for. */
  record Connection(int port, String token) {
    @Override
    public String toString() {
      return "Connection[port=" + port + "]";
    }
  }

  private SessionProcess(Process process) {
    this.process = process;
  }

  static SessionProcess start(Path cli, Map<String, String> environment) throws IOException {
    List<String> command = new ArrayList<>();
    // A terminal's Ctrl-C goes to every process of the server's session.
    SessionSource.onPath("setsid", environment).ifPresent(s -> command.add(s.toString()));
    command.addAll(List.of(cli.toString(), "--progress=plain", "session"));
    command.addAll(List.of("--label", "dagger.io/sdk.name:java"));
    command.addAll(List.of("--label", "dagger.io/sdk.version:" + version()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    // What the server has of its own, secrets above all, is no business of the CLI's.
    // And the engine's traces quote calls word for word, inputs of agents among them: they go
    // nowhere.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("DROVER_") || name.startsWith("OTEL_"));
    builder.environment().keySet().removeAll(List.of(SessionSource.PORT, SessionSource.TOKEN));
    builder.environment().put("DAGGER_NO_UPDATE_CHECK", "1");
    builder.environment().put("DO_NOT_TRACK", "1");
    SessionProcess session = new SessionProcess(builder.start());
    session.read("dagger-session-out", session.process.getInputStream(), session::hear);
    session.read("dagger-session-err", session.process.getErrorStream(), session::keep);
    var unused = session.process.onExit().thenAccept(ended -> session.ended(ended.exitValue()));
    return session;
  }

  private static String version() {
    return Optional.ofNullable(SessionProcess.class.getPackage().getImplementationVersion())
        .orElse("0");
  }

  /** Completes when the session can be used; exceptionally with {@link NoSession}. */
  CompletableFuture<Connection> connected() {
    return connected;
  }

  /** Completes when the process has ended. */
  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Gives up a session that does not come. */
  void giveUp(Duration limit) {
    String waited = "no session within " + limit.toSeconds() + " s" + lines();
    if (connected.completeExceptionally(new NoSession(waited, true))) {
      process.destroyForcibly();
    }
  }

  /** Lets the session end: stdin is closed, and who does not hear that is killed. Waits for it. */
  void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly(); // it reads no more
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it end, without waiting for that. */
  void release() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroyForcibly(); // it reads no more
    }
    var unused =
        process
            .onExit()
            .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(
                late -> {
                  process.destroyForcibly();
                  return process;
                });
  }

  /** Ends it at once. */
  void kill() {
    process.destroyForcibly();
  }

  private void read(String name, InputStream pipe, java.util.function.Consumer<String> taker) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  taker.accept(line);
                }
              } catch (IOException e) {
                LOG.atDebug().setCause(e).log("A pipe of a Dagger session broke");
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void hear(String line) {
    if (connected.isDone()) {
      return;
    }
    try {
      Map<String, Object> told = Json.asObject(Json.parse(line));
      if (told.get("port") instanceof Number port
          && told.get("session_token") instanceof String t) {
        connected.complete(new Connection(port.intValue(), t));
        return;
      }
    } catch (InvalidJson | IllegalArgumentException e) {
      LOG.atDebug().setCause(e).log("A line of the Dagger CLI is not the session's");
    }
    keep(line);
  }

  private void keep(String line) {
    synchronized (said) {
      if (!connected.isDone() && said.size() < FIRST_LINES && !line.isBlank()) {
        said.add(line.length() <= LINE ? line : line.substring(0, LINE) + "…");
      }
    }
  }

  private void ended(int code) {
    // What it said last may still be on its way through the pipe.
    CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
        .execute(
            () ->
                connected.completeExceptionally(
                    new NoSession(
                        "the dagger command ended with exit code " + code + lines(), true)));
  }

  private String lines() {
    synchronized (said) {
      return said.isEmpty() ? "" : "; it said: " + String.join(" | ", said);
    }
  }
}
