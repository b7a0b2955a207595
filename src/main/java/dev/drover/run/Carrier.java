package dev.drover.run;

import java.time.Instant;

/** Whoever carries runs forward, and hears what becomes of them. */
public interface Carrier {
  /** All nodes of the run are settled, and what had to be undone is. */
  void complete(Execution execution);

  /** Nothing of the run can go on before something it waits for happens. */
  void park(Execution execution);

  /** The engine itself failed while it carried the run: the run ends, and says so. */
  void fault(Execution execution, Throwable cause);

  /** The journal can't be written: the run is let go, and taken up again from the journal. */
  void abandon(Execution execution, Throwable cause);

  /** Whether this server's right to carry runs is certain at this moment. */
  boolean holdsLease();

  /** Has something done at a time, unless the answer is run before. */
  Runnable at(Instant time, Runnable task);

  /**
   * The same, but what the journal has for the run by then is told before: who was answered in time
   * is not overtaken by the time.
   */
  default Runnable atLast(Execution execution, Instant time, Runnable task) {
    return at(time, task);
  }

  /** Whether a wait is over so soon that the run stays in memory for it. */
  boolean isShort(Wait wait);

  /** There may be new runs in the journal. */
  void wake();
}
