package dev.drover.server;

import dev.drover.RequiredTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Prometheus and a real Alertmanager, on free ports of loopback, as a test configures them.
 */
final class RealMonitoring implements AutoCloseable {
  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final int prometheus = freePort();
  private final int alertmanager = freePort();

  private RealMonitoring(Path home) throws IOException {
    this.home = home;
  }

  /** Skips the test where the two are not installed. What they write, they write to that folder. */
  static RealMonitoring in(Path home) throws IOException {
    RequiredTool.assume("prometheus");
    RequiredTool.assume("prometheus-alertmanager");
    return new RealMonitoring(home);
  }

  int alertmanagerPort() {
    return alertmanager;
  }

  /** Starts it with {@code alertmanager.yml} of the folder. */
  void startAlertmanager() throws IOException {
    run(
        "prometheus-alertmanager",
        "--config.file=" + home.resolve("alertmanager.yml"),
        "--storage.path=" + home.resolve("alertmanager"),
        "--web.listen-address=127.0.0.1:" + alertmanager,
        "--cluster.listen-address=");
  }

  /** Starts it with {@code prometheus.yml} of the folder. */
  void startPrometheus() throws IOException {
    run(
        "prometheus",
        "--config.file=" + home.resolve("prometheus.yml"),
        "--storage.tsdb.path=" + home.resolve("prometheus"),
        "--web.listen-address=127.0.0.1:" + prometheus,
        "--rules.alert.resend-delay=1s");
  }

  /** What an instant query gives: a list of samples, each with {@code metric} and {@code value}. */
  List<Map<String, Object>> query(String promql) throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(promql, StandardCharsets.UTF_8);
    return get(prometheus, "/api/v1/query?query=" + encoded).is(200).list("data.result");
  }

  /** What Prometheus answers to a path of its API. */
  Reply ask(String path) throws IOException, InterruptedException {
    return get(prometheus, path);
  }

  /** The names of all metrics that were scraped, and of those that rules made. */
  List<?> metrics() throws IOException, InterruptedException {
    return (List<?>) get(prometheus, "/api/v1/label/__name__/values").is(200).at("data");
  }

  /** The groups of rules, each with its {@code rules} and how these fare. */
  List<Map<String, Object>> rules() throws IOException, InterruptedException {
    return get(prometheus, "/api/v1/rules").is(200).list("data.groups");
  }

  /** The alerts that Alertmanager holds and that have not been resolved. */
  String alerts() throws IOException, InterruptedException {
    return get(alertmanager, "/api/v2/alerts").is(200).body();
  }

  private Reply get(int port, String path) throws IOException, InterruptedException {
    return Reply.of(
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build(),
            BodyHandlers.ofString()));
  }

  private void run(String... command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve(command[0] + ".log").toFile())
            .start());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }
  }
}
