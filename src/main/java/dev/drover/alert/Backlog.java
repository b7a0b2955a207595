package dev.drover.alert;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether so many runs wait to be started that no more are taken. Counted once a second at most:
 * the bound is there to protect the database from growing for days, not to be exact.
 */
public final class Backlog {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AlertUpkeep upkeep;
  private final int most;
  private final ReentrantLock counting = new ReentrantLock();
  private volatile Count last = new Count(0, System.nanoTime() - FRESH_NANOS);

  /** {@code most} runs may wait. */
  public Backlog(AlertUpkeep upkeep, int most) {
    this.upkeep = upkeep;
    this.most = most;
  }

  /**
   * Whether it is full. Asks the database if nobody else does.
   *
   * @throws IntakeUnavailable if that does not answer
   */
  public boolean isFull() {
    if (System.nanoTime() - last.at >= FRESH_NANOS && counting.tryLock()) {
      try {
        last = new Count(upkeep.queuedRuns(most), System.nanoTime());
      } finally {
        counting.unlock();
      }
    }
    return last.runs >= most;
  }

  void requireRoom() {
    if (isFull()) {
      throw new Overloaded(most);
    }
  }

  private record Count(int runs, long at) {}
}
