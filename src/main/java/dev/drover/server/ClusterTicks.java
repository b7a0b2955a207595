package dev.drover.server;

import dev.drover.agent.Agents;
import dev.drover.name.ProjectName;
import dev.drover.run.ClusterQueries;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.WorkflowRegistry;
import dev.drover.telemetry.AgentMetrics;
import dev.drover.telemetry.ClusterMetrics;
import dev.drover.workflow.SpendingLimit;
import jakarta.annotation.PreDestroy;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Looks at the database every ten seconds for the gauges of the cluster; where a look takes long,
 * up to every thirty.
 */
final class ClusterTicks {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterTicks.class);
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int SHARE = 50;

  private final Seen seen;
  private final ClusterMetrics metrics;
  private final AgentMetrics agentMetrics;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Pools.daemon("cluster-metrics"));
  private boolean trouble;

  ClusterTicks(Seen seen, ClusterMetrics metrics, AgentMetrics agentMetrics) {
    this.seen = seen;
    this.metrics = metrics;
    this.agentMetrics = agentMetrics;
  }

  /** What is looked at. */
  record Seen(
      ClusterQueries queries,
      WorkflowRegistry workflows,
      List<ProjectName> projects,
      Agents agents) {
    private Map<WorkflowKey, BigDecimal> budgets() {
      Map<WorkflowKey, BigDecimal> budgets = new HashMap<>();
      for (WorkflowRegistry.Active active : workflows.active()) {
        Optional<BigDecimal> perDay =
            active.workflow().workflow().budget().flatMap(SpendingLimit::perDay);
        perDay.ifPresent(limit -> budgets.put(WorkflowKey.of(active.workflow().id()), limit));
      }
      return budgets;
    }
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    after(0);
  }

  @PreDestroy
  void stop() {
    thread.shutdownNow();
  }

  private void after(long nanos) {
    if (!thread.isShutdown()) {
      var unused = thread.schedule(this::tick, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void tick() {
    long begin = System.nanoTime();
    try {
      look();
      trouble = false;
    } catch (RuntimeException | Error e) { // else nobody would ever look again
      LOG.atLevel(trouble ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
          .setCause(e)
          .log("The gauges of the cluster can't be read; trying again");
      trouble = true;
    } finally {
      after(Math.min(MOST_NANOS, Math.max(EVERY_NANOS, (System.nanoTime() - begin) * SHARE)));
    }
  }

  /** Once, now. */
  void look() {
    agentMetrics.show(seen.agents);
    metrics.show(seen.queries.look(seen.workflows.timeouts()), seen.projects, seen.budgets());
  }
}
