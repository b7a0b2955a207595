package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.ClusterQueries.Amount;
import dev.drover.run.ClusterQueries.Engine;
import dev.drover.run.ClusterQueries.View;
import dev.drover.run.Journal.WorkflowKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Gauges of the cluster say what was seen, and nothing when nothing was seen for long. */
class ClusterMetricsTest {
  private static final ProjectName ONE = new ProjectName("one");
  private static final ProjectName TWO = new ProjectName("two");
  private static final WorkflowKey DEAR = new WorkflowKey(ONE, new WorkflowName("dear"));
  private static final View NOTHING =
      new View(List.of(), List.of(), Map.of(), Map.of(), new Engine(1, 0, 0, 0, Duration.ZERO));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final ClusterMetrics metrics = new ClusterMetrics(new Meters(registry), nanos::get);

  @Test
  void whatWasSeenIsShownAndTheRestIsZero() {
    View view =
        new View(
            List.of(new Amount(ONE, "queued", 3, Duration.ofMillis(1_500))),
            List.of(
                new Amount(TWO, "approval", 2, Duration.ofSeconds(90)),
                new Amount(TWO, "child", 1, Duration.ofSeconds(5))),
            Map.of(TWO, 4L),
            Map.of(DEAR, new BigDecimal("0.5")),
            new Engine(2, 1, 0, 7, Duration.ofSeconds(3)));

    metrics.show(view, List.of(ONE), Map.of(DEAR, BigDecimal.TEN));

    assertThat(value("drover.runs.current", "project", "one", "state", "queued")).isEqualTo(3);
    assertThat(value("drover.runs.current", "project", "one", "state", "waiting")).isZero();
    assertThat(value("drover.runs.oldest", "project", "one", "state", "queued")).isEqualTo(1.5);
    assertThat(value("drover.waits.current", "project", "two", "kind", "workflow")).isEqualTo(1);
    assertThat(value("drover.waits.current", "project", "two", "kind", "time")).isZero();
    assertThat(value("drover.approvals.oldest", "project", "two")).isEqualTo(90);
    assertThat(value("drover.approvals.oldest", "project", "one")).isZero();
    assertThat(value("drover.episodes.current", "project", "two")).isEqualTo(4);
    assertThat(value("drover.budget.spent", "project", "one", "workflow", "dear")).isEqualTo(0.5);
    assertThat(value("drover.budget.limit", "project", "one", "workflow", "dear")).isEqualTo(10);
    assertThat(value("drover.servers")).isEqualTo(2);
    assertThat(value("drover.runs.unowned")).isEqualTo(1);
    assertThat(value("drover.timers.lag")).isEqualTo(3);
  }

  @Test
  void aWorkflowThatIsGoneHasNoBudget() {
    metrics.show(NOTHING, List.of(ONE), Map.of(DEAR, BigDecimal.TEN));
    metrics.show(NOTHING, List.of(ONE), Map.of());

    assertThat(registry.find("drover.budget.limit").gauges()).isEmpty();
    assertThat(registry.find("drover.budget.spent").gauges()).isEmpty();
  }

  @Test
  void aViewThatIsTooOldIsNotShown() {
    assertThat(value("drover.servers")).isNaN();
    metrics.show(NOTHING, List.of(ONE), Map.of());
    nanos.addAndGet(ClusterMetrics.FRESH.minusSeconds(1).toNanos());
    assertThat(value("drover.servers")).isEqualTo(1);
    assertThat(value("drover.cluster.read.age")).isEqualTo(59);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(value("drover.servers")).isNaN();
    assertThat(value("drover.episodes.current", "project", "one")).isNaN();
    assertThat(value("drover.cluster.read.age")).isEqualTo(60);
    metrics.show(NOTHING, List.of(ONE), Map.of());
    assertThat(value("drover.servers")).isEqualTo(1);
    assertThat(value("drover.cluster.read.age")).isZero();
  }

  private double value(String name, String... tags) {
    Gauge gauge = registry.get(name).tags(tags).gauge();
    return gauge.value();
  }
}
