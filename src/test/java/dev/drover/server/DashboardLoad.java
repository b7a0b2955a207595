package dev.drover.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;

/** A little of everything that Drover does, again and again, so that all metrics have something. */
final class DashboardLoad implements AutoCloseable {
  private static final List<String> WORKFLOWS =
      List.of(
          """
          name: work
          nodes:
            first: { agent: quick }
            second: { dependsOn: [first], agent: flaky, retry: { attempts: 3, delay: 50ms, jitter: 0 } }
            third: { dependsOn: [first], workflow: child }
            fourth: { dependsOn: [second, third], to: "direct:by-hand" }
          """,
          "{name: child, nodes: {only: {value: 1}}}",
          """
          name: fails
          nodes:
            first: { to: "direct:breaks", continueOnError: true }
            second: { dependsOn: [first], agent: broken }
          """,
          """
          name: thrifty
          budget: { perDay: 0.03 }
          nodes: { dear: { agent: quick } }
          """,
          """
          name: ask
          nodes: { person: { approval: { message: "Really?" } } }
          """,
          """
          name: mend
          triggers: [ alert: { match: { alertname: Disk } } ]
          nodes:
            clean: { agent: quick }
            verify: { dependsOn: [clean], wait: { until: resolved, timeout: 1m } }
          """,
          """
          name: gives-up
          triggers: [ alert: { match: { alertname: Stubborn } } ]
          nodes: { verify: { wait: { until: resolved, timeout: 1s } } }
          """);

  private final RunningServer server;
  private final String project;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> rounds;
  private int round;

  private DashboardLoad(RunningServer server, String project) {
    this.server = server;
    this.project = project;
    this.rounds = thread.scheduleWithFixedDelay(this::once, 0, 400, MILLISECONDS);
  }

  /** Writes the agents and routes that it needs. */
  static void files(Path home) {
    new ServerFiles(home)
        .agent("quick", "cat > /dev/null; printf '{}'", "cost: { perAttempt: 0.01 }")
        .agent("flaky", "cat > /dev/null; [ $DROVER_ATTEMPT -gt 1 ] || exit 75; printf '{}'")
        .agent("broken", "cat > /dev/null; exit 1", "cost: { perAttempt: 0.01 }")
        .agent("sick", "exit 1", "selfTest: { input: {}, expect: {} }")
        .route("direct:by-hand", "- setBody:\n    constant: '{}'")
        .route(
            "direct:breaks",
            """
            - throwException:
                exceptionType: java.lang.IllegalStateException
                message: on purpose
            """);
  }

  /** Begins, in a thread of its own. */
  static DashboardLoad on(RunningServer server) {
    String project = server.newProject();
    WORKFLOWS.forEach(yaml -> server.deploy(project, yaml));
    server.start(project, "ask", "{}");
    // Its pauses are a metric, and there might be none for long.
    System.gc();
    return new DashboardLoad(server, project);
  }

  private void once() {
    server.start(project, "work", "{}");
    server.start(project, "fails", "{}");
    server.start(project, "thrifty", "{}");
    fire("Disk", round);
    fire("Disk", round);
    fire("Noise", round);
    if (round % 3 == 0) {
      fire("Stubborn", round);
      server.alerts(project, "no JSON").is(400);
      server.alerts(project, "{\"alerts\":[{\"labels\":{\"alertname\":{}}}]}");
    }
    if (round >= 3) {
      resolve("Disk", round - 3);
      resolve("Noise", round - 3);
    }
    round++;
  }

  private void fire(String name, int number) {
    alert("firing", name, number, "");
  }

  private void resolve(String name, int number) {
    alert("resolved", name, number, ",\"endsAt\":\"%s\"".formatted(Instant.now()));
  }

  private void alert(String status, String name, int number, String more) {
    Reply reply =
        server.alerts(
            project,
            """
            {"alerts":[{"status":"%s","startsAt":"%s","labels":{"alertname":"%s","host":"h%d"}%s}]}
            """
                .formatted(status, Instant.now().minusSeconds(90), name, number, more));
    assertThat(reply.status()).as(reply.body()).isIn(200, 202);
  }

  /** Fails if a round did. */
  void assertGoesOn() {
    assertThat(rounds.isDone()).as("a round failed").isFalse();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      assertThat(thread.awaitTermination(10, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
