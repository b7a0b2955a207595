package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.json.Json;
import dev.drover.run.Journal;
import dev.drover.run.WorkflowRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A server in this JVM on free ports, with a database and folders of its own, and a client for it.
 * It has many projects, so that tests which share it need not see each other's runs and alerts.
 */
final class RunningServer implements AutoCloseable {
  private static final int PROJECTS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> ENDED =
      List.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");

  private final TestDatabase database;
  private final boolean ownsDatabase;
  private final AtomicInteger projects = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ConfigurableApplicationContext context;

  private RunningServer(TestDatabase database, boolean ownsDatabase, Path home, String... options) {
    this.database = database;
    this.ownsDatabase = ownsDatabase;
    List<String> all =
        new ArrayList<>(
            List.of(
                "--drover.port=0",
                "--drover.metrics-port=0",
                "--drover.db-url=" + database.url(),
                "--drover.db-user=postgres",
                "--drover.db-password=postgres",
                "--drover.data-dir=" + home.resolve("data"),
                "--drover.workflows=" + home.resolve("workflows"),
                "--drover.agents=" + home.resolve("agents"),
                "--drover.routes=" + home.resolve("routes"),
                "--drover.runtime=process",
                "--drover.projects="
                    + String.join(
                        ",", IntStream.range(0, PROJECTS).mapToObj(RunningServer::name).toList())));
    all.addAll(List.of(options));
    this.context = DroverServer.start(all.toArray(String[]::new));
  }

  /**
   * Starts a server.
   *
   * @param home has its folders {@code workflows}, {@code agents}, {@code routes} and {@code data}
   * @param options as of {@link DroverServer#start}
   */
  static RunningServer in(Path home, String... options) {
    return new RunningServer(TestDatabase.create(), true, home, options);
  }

  /** Starts another server on the same database, which must be closed before this one. */
  RunningServer replica(Path home, String... options) {
    return new RunningServer(database, false, home, options);
  }

  /** Does something while nobody can connect to the database. */
  void withoutDatabase(Runnable work) {
    database.goAway();
    try {
      work.run();
    } finally {
      database.comeBack();
      // Ours were cut as well; the server has to find out by itself.
      database.dataSource().getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** A project that no other test has. */
  String newProject() {
    int number = projects.getAndIncrement();
    assertThat(number).isLessThan(PROJECTS);
    return name(number);
  }

  private static String name(int project) {
    return "p" + project;
  }

  int port() {
    return port("local.server.port");
  }

  int metricsPort() {
    return port("local.management.port");
  }

  private int port(String property) {
    return context.getEnvironment().getRequiredProperty(property, Integer.class);
  }

  /** A request to a path of the API, to be completed. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  Reply send(HttpRequest.Builder request) {
    try {
      return Reply.of(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  CompletableFuture<Reply> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(Reply::of);
  }

  Reply get(String path) {
    return send(request(path));
  }

  Reply post(String path, String type, BodyPublisher body) {
    return send(request(path).header("Content-Type", type).POST(body));
  }

  Reply postJson(String path, String body) {
    return post(path, "application/json", BodyPublishers.ofString(body));
  }

  Reply postJson(String path, byte[] body) {
    return post(path, "application/json", BodyPublishers.ofByteArray(body));
  }

  /** From the port of metrics and health. */
  Reply managed(String path) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort() + path))
            .timeout(Duration.ofSeconds(20)));
  }

  /** The value of a series; 0 if there is none. */
  double metric(String series) {
    return managed("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** The sum of the series of a metric that have this label, written as in the text. */
  double sum(String metric, String label) {
    return managed("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Takes the versions away now that have no runs any more. */
  void removeDrained() {
    context.getBean(WorkflowRegistry.class).removeDrained(context.getBean(Journal.class));
  }

  /** Has the gauges of the cluster read now. */
  void lookAtCluster() {
    context.getBean(ClusterTicks.class).look();
  }

  /** Posts to the webhook of a project's Alertmanager. */
  Reply alerts(String project, byte[] body) {
    return postJson("/api/webhooks/alertmanager/" + project, body);
  }

  Reply alerts(String project, String body) {
    return alerts(project, body.getBytes(StandardCharsets.UTF_8));
  }

  Reply submit(String project, String yaml) {
    return post(
        "/api/workflows?project=" + project, "application/yaml", BodyPublishers.ofString(yaml));
  }

  /** Puts a workflow in force that must be valid and new. */
  void deploy(String project, String yaml) {
    submit(project, yaml).is(201);
  }

  /** Starts a run and gives its id. */
  String start(String project, String workflow, String body) {
    return postJson("/api/workflows/" + workflow + "/runs?project=" + project, body)
        .is(202)
        .text("id");
  }

  /** Waits until a run has ended, and gives it. */
  Reply ended(String project, String run) {
    return until(project, run, reply -> ENDED.contains(reply.text("state")));
  }

  /** Waits until something holds of a run, and gives it. */
  Reply until(String project, String run, Predicate<Reply> holds) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(25))
        .until(() -> get("/api/runs/" + run + "?project=" + project).is(200), holds);
  }

  /** Does something to a run: the last part of its path. */
  Reply act(String project, String run, String deed, String body) {
    return postJson("/api/runs/" + run + "/" + deed + "?project=" + project, body);
  }

  /** For arranging what only a database can. */
  JdbcClient jdbc() {
    return database.jdbc();
  }

  /** For what works on the database beside the server. */
  DataSource dataSource() {
    return database.dataSource();
  }

  /** Starts a run, waits until it has ended, and gives it. */
  Reply run(String project, String workflow, String body) {
    return ended(project, start(project, workflow, body));
  }

  /** The node of a run. */
  static Map<String, Object> node(Reply run, String id) {
    return run.list("nodes").stream()
        .filter(node -> node.get("id").equals(id))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no node " + id + " in " + Json.pretty(run.object())));
  }

  /** How many rows a table has for a project. */
  long count(String project, String table, String condition) {
    return database
        .jdbc()
        .sql("select count(*) from " + table + " where project = ? and " + condition)
        .param(project)
        .query(Long.class)
        .single();
  }

  /** Waits until a project has so many runs, all of them succeeded. */
  void allSucceeded(String project, int runs) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(25))
        .untilAsserted(
            () ->
                assertThat(count(project, "run", "state = 'SUCCEEDED'"))
                    .isEqualTo(count(project, "run", "true"))
                    .isEqualTo(runs));
  }

  @Override
  public void close() {
    context.close();
    if (ownsDatabase) {
      database.close();
    }
  }
}
