package dev.drover.cli;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.security.Credential;
import dev.drover.server.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Posts a sample alert as Alertmanager would, and prints what its run does until it ends. */
final class Demo {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final PrintStream out = System.out;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String api;
  private final Optional<String> authorization;

  /** {@code port} is the one that the server really listens on. */
  Demo(Settings settings, String port) {
    this.api = "http://" + settings.bind() + ":" + port + "/api";
    this.authorization = settings.auth().credentials().stream().findFirst().map(Credential::header);
  }

  void run() {
    try {
      Map<String, Object> delivery = post("/webhooks/alertmanager", alert());
      out.println("demo: posted alert SourceChanged -> " + Json.print(delivery));
      if (delivery.get("runs") instanceof List<?> runs && !runs.isEmpty()) {
        String id = String.valueOf(Json.asObject(runs.get(0)).get("id"));
        follow(id);
      } else {
        out.println("demo: no workflow wants it; is workflows/scan-and-notify.yaml loaded?");
      }
    } catch (IOException | RuntimeException e) { // whatever it is, the server goes on
      out.println("demo: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String alert() {
    Instant now = Instant.now();
    Map<String, Object> alert =
        Map.of(
            "status", "firing",
            "labels",
                Map.of(
                    "alertname", "SourceChanged",
                    "severity", "warning",
                    "instance", "demo-" + now.toEpochMilli()),
            "annotations", Map.of("summary", "A source tree has changed"),
            "startsAt", now.toString(),
            "endsAt", "0001-01-01T00:00:00Z");
    return Json.print(
        Map.of(
            "version", "4",
            "groupKey", "{}:{alertname=\"SourceChanged\"}",
            "receiver", "drover",
            "status", "firing",
            "alerts", List.of(alert)));
  }

  private void follow(String run) throws IOException, InterruptedException {
    Map<String, String> known = new HashMap<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      Map<String, Object> state = get("/runs/" + run);
      if (state.get("nodes") instanceof List<?> nodes) {
        nodes.forEach(node -> tell(Json.asObject(node), known));
      }
      if (state.get("endedAt") != null) {
        out.println("demo: run " + run + " " + state.get("state") + ": " + state.get("reason"));
        out.println("demo: outputs " + Json.pretty(state.get("outputs")));
        out.println("demo: look at it again: curl " + api + "/runs/" + run);
        return;
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
    out.println("demo: the run has not ended yet; look at it: curl " + api + "/runs/" + run);
  }

  private void tell(Map<String, Object> node, Map<String, String> known) {
    String id = String.valueOf(node.get("id"));
    String state = String.valueOf(node.get("state"));
    if (!state.equals(known.put(id, state))) {
      out.println("demo: node " + id + " is " + state);
    }
  }

  private Map<String, Object> post(String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private Map<String, Object> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + path)).timeout(Duration.ofSeconds(10));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private Map<String, Object> send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    try {
      return Json.asObject(Json.parse(response.body()));
    } catch (InvalidJson e) {
      throw new IOException("HTTP " + response.statusCode() + " with no JSON", e);
    }
  }
}
