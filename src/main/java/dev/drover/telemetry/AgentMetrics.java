package dev.drover.telemetry;

import static dev.drover.run.NodeState.CANCELLED;
import static dev.drover.run.NodeState.FAILED;
import static dev.drover.run.NodeState.SUCCEEDED;

import dev.drover.agent.AgentStatus;
import dev.drover.agent.Agents;
import dev.drover.agent.Availability;
import dev.drover.run.Attempted;
import dev.drover.run.Failure;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Attempts of agents, what they cost, and which agents there are, as metrics. */
public final class AgentMetrics {
  static final Metric RUNS =
      Metric.counter(
          "drover.agent.runs",
          "attempts of agents that ended: `succeeded`, `failed`, `cancelled`; those of calls from"
              + " hand-written routes included",
          "agent",
          "runtime",
          "state");
  static final Metric DURATION =
      Metric.histogram(
          "drover.agent.duration",
          "seconds",
          new double[] {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900},
          "from an attempt's beginning to its end, waiting for room included. Those that were cut off"
              + " with their server are not in it: nobody knows when",
          "agent",
          "runtime",
          "state");
  static final Metric SECONDS =
      Metric.counter(
          "drover.agent.seconds",
          "for how long processes of agents existed, by attempts that ended. `project` and"
              + " `workflow` are `-` for calls from hand-written routes",
          "project",
          "workflow",
          "agent",
          "runtime");
  static final Metric COST =
      Metric.counter(
          "drover.cost",
          "what those attempts [cost](agents.md#cost); an attempt that was cut off is counted by"
              + " the server that takes its run up",
          "project",
          "workflow",
          "agent");
  static final Metric AVAILABLE =
      Metric.gauge(
          "drover.agent.available",
          null,
          "1: the agent is registered and has passed its self-test; 0: it has not, or not yet",
          "agent",
          "runtime");

  private final Meters meters;
  private final Meters.Rows available;

  /** Makes its meters there. */
  public AgentMetrics(Meters meters) {
    this.meters = meters;
    this.available = meters.rows(AVAILABLE);
  }

  /**
   * Shows the agents that are registered now, and has their counters begin at 0; whether they are
   * available is always up to date.
   */
  public void show(Agents agents) {
    Map<List<String>, DoubleSupplier> rows = new HashMap<>();
    for (AgentStatus agent : agents.all()) {
      String name = meters.labels().agent(agent.manifest().name().value());
      rows.put(
          List.of(name, agents.runtime()),
          () -> isAvailable(agents.find(agent.manifest().name())) ? 1 : 0);
      for (NodeState state : List.of(SUCCEEDED, FAILED, CANCELLED)) {
        meters.counter(RUNS, name, agents.runtime(), Labels.word(state));
      }
    }
    available.set(rows);
  }

  private static boolean isAvailable(Optional<AgentStatus> agent) {
    return agent.filter(a -> a.availability() instanceof Availability.Available).isPresent();
  }

  void ended(Attempted attempt) {
    String agent = meters.labels().agent(attempt.agent());
    String[] how = {agent, attempt.runtime(), Labels.word(attempt.state())};
    meters.counter(RUNS, how).increment();
    if (attempt.failure().filter(f -> f.type().equals(Failure.INTERRUPTED)).isEmpty()) {
      Duration took = Duration.between(attempt.times().startedAt(), attempt.times().endedAt());
      meters.record(DURATION, took, how);
    }
    Optional<WorkflowKey> workflow = attempt.workflow();
    String project = workflow.map(w -> w.project().value()).orElse(Labels.NONE);
    String name = workflow.map(meters.labels()::workflow).orElse(Labels.NONE);
    meters
        .counter(SECONDS, project, name, agent, attempt.runtime())
        .increment(attempt.usage().executed().toMillis() / 1_000.0);
    meters.counter(COST, project, name, agent).increment(attempt.usage().cost().doubleValue());
  }
}
