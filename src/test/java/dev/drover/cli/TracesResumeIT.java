package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.TraceCollector;
import dev.drover.TraceCollector.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed takes nothing of a run's trace with it that the next one can tell. */
class TracesResumeIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String WORKFLOW =
      """
      name: slow
      nodes:
        first: { value: 1 }
        work: { dependsOn: [first], agent: holder }
        last: { dependsOn: [work], value: "${{ nodes.work.output }}" }
      """;

  /** Notes its place in the trace, and ends when it is let go. */
  private static final String HOLDER =
      """
      echo "$TRACEPARENT" > "$HOLDING/seen-$DROVER_ATTEMPT"
      while [ ! -e "$HOLDING/go" ]; do sleep 0.05; done
      echo 1
      """;

  @TempDir Path folder;
  private TestDatabase database;
  private TraceCollector collector;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    collector = TraceCollector.start();
    write("workflows/slow.yaml", WORKFLOW);
    write("agents/holder/run.sh", HOLDER.replace("$HOLDING", folder.toString()));
    write("agents/holder/agent.yaml", "name: holder\ncommand: [sh, run.sh]\n");
  }

  @AfterEach
  void stop() {
    collector.close();
    database.close();
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), text);
  }

  private ServeProcess serve(int port) {
    return ServeProcess.start(
        folder,
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(),
            "OTEL_BSP_SCHEDULE_DELAY", "50",
            "DROVER_DB_URL", database.url(),
            "DROVER_DB_USER", "postgres",
            "DROVER_DB_PASSWORD", "postgres",
            "DROVER_RUNTIME", "process",
            "DROVER_RUNS_LEASE", "3s"),
        "--port",
        "" + port,
        "--metrics-port",
        "0");
  }

  private List<Told> named(String name) {
    return collector.spans(span -> span.name().equals(name));
  }

  @Test
  void aRunWhoseServerIsKilledHasOneWholeTrace() throws IOException {
    int port = ServeProcess.freePort();
    String run;
    try (ServeProcess killed = serve(port)) {
      killed.awaitReady();
      run =
          String.valueOf(
              ServeProcess.post(port, "/api/workflows/slow/runs", Map.of(), 202).get("id"));
      await().atMost(SOON).until(() -> running() == 1);
      await().atMost(SOON).until(() -> Files.exists(folder.resolve("seen-1")));
      await().atMost(SOON).until(() -> !named("node first").isEmpty());
      await().atMost(SOON).until(() -> !named("POST /api/workflows/{name}/runs").isEmpty());
      killed.kill();
    }
    long killedAt = System.currentTimeMillis() * 1_000_000;
    try (ServeProcess next = serve(port)) {
      next.awaitReady();
      await().atMost(SOON).until(() -> Files.exists(folder.resolve("seen-2")));
      Files.createFile(folder.resolve("go"));
      await().atMost(SOON).until(() -> !named("run slow").isEmpty());
      assertThat(ServeProcess.get(port, "/api/runs/" + run)).containsEntry("state", "SUCCEEDED");
      next.terminate();
      next.awaitExit(Duration.ofSeconds(30));
    }
    check(killedAt);
  }

  private int running() {
    return database
        .jdbc()
        .sql("select count(*) from attempt where state = 'RUNNING'")
        .query(Integer.class)
        .single();
  }

  private void check(long killedAt) throws IOException {
    Told run = named("run slow").get(0);
    List<Told> trace = collector.spans(span -> span.trace().equals(run.trace()));
    Set<String> ids = trace.stream().map(Told::id).collect(Collectors.toSet());
    assertThat(ids).hasSameSizeAs(trace);
    assertThat(trace.stream().filter(s -> !ids.contains(s.parent())).map(Told::name))
        .containsExactly("POST /api/workflows/{name}/runs");
    assertThat(trace.stream().map(Told::name))
        .containsOnlyOnce("run slow", "node first", "node work", "node last", "resume");
    List<Told> attempts =
        named("agent holder").stream()
            .sorted(java.util.Comparator.comparing(a -> a.attributes().get("drover.attempt")))
            .toList();
    assertThat(attempts).hasSize(2);
    Told first = attempts.get(0);
    Told second = attempts.get(1);
    assertThat(first.attributes()).containsEntry("error.type", "INTERRUPTED");
    assertThat(first.startNanos()).isLessThan(killedAt);
    assertThat(second.links()).containsExactly(first.place());
    assertThat(seen(1)).isEqualTo("00-" + first.place() + "-01");
    assertThat(seen(2)).isEqualTo("00-" + second.place() + "-01");
    Told resume = named("resume").get(0);
    assertThat(resume.links()).containsExactly(first.place());
    assertThat(resume.attributes()).containsEntry("drover.take_up", "taken_over");
    Told work = named("node work").get(0);
    assertThat(work.startNanos()).isLessThan(killedAt);
    assertThat(work.endNanos()).isGreaterThan(killedAt);
    assertThat(work.resource().get("service.instance.id"))
        .isNotEqualTo(named("node first").get(0).resource().get("service.instance.id"));
  }

  private String seen(int attempt) throws IOException {
    return Files.readString(folder.resolve("seen-" + attempt)).strip();
  }
}
