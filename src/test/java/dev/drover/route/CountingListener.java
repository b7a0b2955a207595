package dev.drover.route;

import dev.drover.name.NodeId;
import dev.drover.run.Attempted;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import dev.drover.run.VersionId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what it hears. */
public final class CountingListener implements RunListener {
  private final AtomicInteger nodes = new AtomicInteger();
  private final AtomicInteger runs = new AtomicInteger();
  private BigDecimal cost = BigDecimal.ZERO;

  /** Nodes that were settled. */
  public int nodes() {
    return nodes.get();
  }

  /** Runs that ended. */
  public int runs() {
    return runs.get();
  }

  /** What the attempts that ended have cost. */
  public synchronized BigDecimal cost() {
    return cost;
  }

  @Override
  public void nodeSettled(VersionId version, NodeId node, NodeState state, Duration took) {
    nodes.incrementAndGet();
  }

  @Override
  public synchronized void attemptEnded(Attempted attempt) {
    cost = cost.add(attempt.usage().cost());
  }

  @Override
  public void runEnded(RunId run, VersionId version, RunState state, Duration took) {
    runs.incrementAndGet();
  }
}
