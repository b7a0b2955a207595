package dev.drover.route;

import dev.drover.run.RunEvent;
import dev.drover.run.RunListener;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what it hears. */
public final class CountingListener implements RunListener {
  private final AtomicInteger nodes = new AtomicInteger();
  private final AtomicInteger runs = new AtomicInteger();
  private final List<RunEvent.TakeUp> takeUps = new CopyOnWriteArrayList<>();
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

  /** How runs were taken up, in the order in which they were. */
  public List<RunEvent.TakeUp> takeUps() {
    return List.copyOf(takeUps);
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.NodeSettled settled && settled.node().isWhole()) {
      nodes.incrementAndGet();
    } else if (event instanceof RunEvent.AttemptEnded ended) {
      add(ended.attempt().usage().cost());
    } else if (event instanceof RunEvent.Ended) {
      runs.incrementAndGet();
    } else if (event instanceof RunEvent.TakenUp takenUp) {
      takeUps.add(takenUp.how());
    }
  }

  private synchronized void add(BigDecimal more) {
    cost = cost.add(more);
  }
}
