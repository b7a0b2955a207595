package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Two servers with the same folder of workflows on one database. */
class TwoServersIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path home;
  private static TestDatabase database;
  private static ConfigurableApplicationContext one;
  private static ConfigurableApplicationContext other;

  @BeforeAll
  static void start() throws IOException {
    for (String folder : new String[] {"workflows", "agents", "routes"}) {
      Files.createDirectory(home.resolve(folder));
    }
    database = TestDatabase.create();
    one = server("one");
    other = server("other");
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
    database.close();
  }

  private static ConfigurableApplicationContext server(String name) {
    return DroverServer.start(
        "--drover.port=0",
        "--drover.metrics-port=0",
        "--drover.db-url=" + database.url(),
        "--drover.db-user=postgres",
        "--drover.db-password=postgres",
        "--drover.data-dir=" + home.resolve(name),
        "--drover.workflows=" + home.resolve("workflows"),
        "--drover.agents=" + home.resolve("agents"),
        "--drover.routes=" + home.resolve("routes"),
        "--drover.runtime=process");
  }

  private static Reply send(
      ConfigurableApplicationContext server, String method, String path, String body) {
    String port = server.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/yaml")
            .method(method, BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return Reply.of(CLIENT.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String yaml(String name, String trigger, String description) {
    return """
    name: %s
    description: %s
    triggers:
      - %s
    nodes:
      a:
        value: "${{ trigger.type }}"
    """
        .formatted(name, description, trigger);
  }

  private static int count(String what) {
    return database.jdbc().sql("select count(*) from " + what).query(Integer.class).single();
  }

  @Test
  void whatOneDeploysOpensRunsAtTheOther() {
    String trigger = "webhook: { path: hello }";
    send(one, "POST", "/api/workflows", yaml("hello", trigger, "first")).is(201);
    await()
        .atMost(SOON)
        .until(() -> send(other, "GET", "/api/workflows/hello", "").status() == 200);
    send(one, "POST", "/api/workflows", yaml("hello", trigger, "second")).is(201);
    await()
        .atMost(SOON)
        .until(
            () -> send(other, "GET", "/api/workflows/hello", "").is(200).body().contains("second"));
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              send(other, "POST", "/api/workflows/hello/runs", "{}");
              assertThat(count("run where workflow = 'hello' and version = 2")).isPositive();
            });
  }

  @Test
  void aScheduleInTheirFolderOpensEachRunOnce() throws IOException {
    Path file = home.resolve("workflows/tick.yaml");
    Files.writeString(file, yaml("tick", "schedule: { cron: \"*/2 * * * * *\" }", "ticks"));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> count("run where workflow = 'tick' and state = 'SUCCEEDED'") >= 3);
    assertThat(count("workflow_version where workflow = 'tick'")).isEqualTo(1);
    Files.delete(file);
    await().atMost(SOON).until(() -> count("timer where task_name = 'schedule'") == 0);
    assertThat(count("timer where task_name = 'job-retention'")).isEqualTo(1);
    // The server that saw the file go took the timer away; the other learns of it a moment later.
    await().atMost(SOON).untilAsserted(() -> send(other, "GET", "/api/workflows/tick", "").is(404));
  }

  @Test
  void thePausedWorkflowsRunsWait() {
    send(one, "POST", "/api/workflows", yaml("held", "schedule: { cron: \"* * * * * *\" }", "x"))
        .is(201);
    database.jdbc().sql("update workflow set paused = true where name = 'held'").update();
    int before = count("run where workflow = 'held'");
    await()
        .atMost(SOON)
        .until(() -> count("run where workflow = 'held' and state = 'QUEUED'") >= 2);
    database
        .jdbc()
        .sql("update workflow set paused = false, retired = true where name = 'held'")
        .update();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(count("run where workflow = 'held' and state = 'SUCCEEDED'"))
                    .isGreaterThan(before)
                    .isEqualTo(count("run where workflow = 'held'")));
  }
}
