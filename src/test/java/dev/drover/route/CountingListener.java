package dev.drover.route;

import dev.drover.name.NodeId;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import dev.drover.run.VersionId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what it hears. */
public final class CountingListener implements RunListener {
  private final AtomicInteger nodes = new AtomicInteger();
  private final AtomicInteger runs = new AtomicInteger();

  /** Nodes that were settled. */
  public int nodes() {
    return nodes.get();
  }

  /** Runs that ended. */
  public int runs() {
    return runs.get();
  }

  @Override
  public void nodeSettled(VersionId version, NodeId node, NodeState state, Duration took) {
    nodes.incrementAndGet();
  }

  @Override
  public void attemptEnded(String agent, String runtime, NodeState state) {}

  @Override
  public void runEnded(RunId run, VersionId version, RunState state, Duration took) {
    runs.incrementAndGet();
  }
}
