package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The real program in a process of its own: {@code java -jar drover.jar serve}. */
public final class ServeProcess implements AutoCloseable {
  private static final Duration STARTED = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private ServeProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "serve-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts the program in a folder, with settings in the environment and as options. */
  public static ServeProcess start(
      Path folder, Map<String, String> environment, String... options) {
    Path jar = home().resolve("target/drover.jar");
    assertThat(jar).as("the packaged program; run mvn package").exists();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(List.of("-jar", jar.toString(), "serve"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DROVER_"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    try {
      return new ServeProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of the sources. */
  public static Path home() {
    return Path.of(System.getProperty("drover.home", "")).toAbsolutePath();
  }

  /** A port that nobody listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it takes requests. */
  public ServeProcess awaitReady() {
    return awaitOutput("Drover is ready");
  }

  /** Waits until it has printed a text. */
  public ServeProcess awaitOutput(String text) {
    await()
        .atMost(STARTED)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> output().contains(text) || !process.isAlive());
    assertThat(output()).contains(text);
    return this;
  }

  /** What it has printed so far. */
  public String output() {
    return String.join("\n", lines);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has ended by itself; its exit code. */
  public int awaitExit(Duration atMost) {
    try {
      assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
          .as("ended within %s; it printed:%n%s", atMost, output())
          .isTrue();
      reader.join(5_000);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL: no hook runs. */
  void kill() {
    process.toHandle().destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // Process.destroy() would close our end of its output
  }

  /** Sends JSON and reads JSON; the status must be the expected one. */
  public static Map<String, Object> post(int port, String path, Object body, int status) {
    HttpRequest request =
        request(port, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.print(body)))
            .build();
    return Json.asObject(Json.parseTrusted(send(request, status)));
  }

  /** Reads JSON. */
  public static Map<String, Object> get(int port, String path) {
    return Json.asObject(Json.parseTrusted(text(port, path)));
  }

  /** Reads text. */
  public static String text(int port, String path) {
    return send(request(port, path).GET().build(), 200);
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(15));
  }

  private static String send(HttpRequest request, int status) {
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader printed = process.inputReader()) {
      for (String line = printed.readLine(); line != null; line = printed.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("reading ended: " + e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /** Ends the PostgreSQL that a killed server has left in its data directory. */
  static void stopPostgres(Path dataDirectory) throws IOException {
    Path note = dataDirectory.resolve("postgres/postmaster.pid");
    if (Files.exists(note)) {
      ProcessHandle.of(Long.parseLong(Files.readAllLines(note).get(0).strip()))
          .ifPresent(
              postgres -> {
                postgres.destroy();
                await().atMost(Duration.ofSeconds(20)).until(() -> !postgres.isAlive());
              });
    }
  }
}
