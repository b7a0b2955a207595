package dev.drover.telemetry;

import dev.drover.run.Attempted;
import dev.drover.run.RunEvent;
import dev.drover.run.RunListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Runs, nodes, agents and alerts as metrics. No label ever carries the id of a run. */
public final class RunMetrics implements RunListener {
  /** The label of what belongs to none; no workflow can have this name. */
  private static final String NO_WORKFLOW = "-";

  private final MeterRegistry registry;

  /** Writes to the given registry. */
  public RunMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Publishes how many runs are carried now. */
  public void inFlight(IntSupplier count) {
    Gauge.builder("drover.runs.in.flight", count, IntSupplier::getAsInt)
        .description("Runs that this server carries forward now")
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.NodeSettled settled) {
      settled(settled);
    } else if (event instanceof RunEvent.AttemptEnded ended) {
      attempted(ended.attempt());
    } else if (event instanceof RunEvent.Ended ended) {
      ended(ended);
    }
  }

  private void settled(RunEvent.NodeSettled event) {
    if (!event.node().isWhole()) {
      return;
    }
    Timer.builder("drover.node.duration")
        .description("From a node's last token to its outcome being durable")
        .tag("workflow", event.run().version().workflow().value())
        .tag("node", event.node().node().value())
        .tag("state", word(event.outcome().state()))
        .register(registry)
        .record(Duration.between(event.startedAt(), event.endedAt()));
  }

  private void attempted(Attempted attempt) {
    Counter.builder("drover.agent.runs")
        .description("Attempts of agents that ended")
        .tag("agent", attempt.agent())
        .tag("runtime", attempt.runtime())
        .tag("state", word(attempt.state()))
        .register(registry)
        .increment();
    Tags whose =
        Tags.of(
            "project", attempt.workflow().map(w -> w.project().value()).orElse(NO_WORKFLOW),
            "workflow", attempt.workflow().map(w -> w.workflow().value()).orElse(NO_WORKFLOW),
            "agent", attempt.agent());
    Counter.builder("drover.agent.seconds")
        .description("For how long processes of agents existed")
        .tags(whose.and("runtime", attempt.runtime()))
        .register(registry)
        .increment(attempt.usage().executed().toMillis() / 1_000.0);
    Counter.builder("drover.cost")
        .description("What attempts of agents cost, in the operator's currency")
        .tags(whose)
        .register(registry)
        .increment(attempt.usage().cost().doubleValue());
  }

  private void ended(RunEvent.Ended event) {
    String workflow = event.run().version().workflow().value();
    Counter.builder("drover.runs")
        .description("Runs that ended")
        .tag("workflow", workflow)
        .tag("state", word(event.state()))
        .register(registry)
        .increment();
    Timer.builder("drover.run.duration")
        .description("From a run's start to its end")
        .tag("workflow", workflow)
        .tag("state", word(event.state()))
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(5))
        .maximumExpectedValue(Duration.ofHours(1))
        .register(registry)
        .record(event.took());
  }

  /** So many alerts had an outcome. */
  public void alerts(String outcome, int count) {
    Counter.builder("drover.alerts")
        .description("Alerts received, by what became of them")
        .tag("outcome", outcome)
        .register(registry)
        .increment(count);
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
