package dev.drover.agent;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes what an attempt that is over has left in its pipes, no faster than the sink acknowledges.
 * It ends for certain: a writer that outlives the process and a sink that stands still are both
 * given up. Belongs to the supervisor's thread.
 */
final class Drain {
  /** Bytes; a pipe holds 64 KiB or, if the agent asked for more, a megabyte. */
  private static final long MOST = 4 << 20;

  /** Long enough for a database that is started again. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  /** Whoever asked for the end does not want to wait for the log. */
  private static final long IN_HASTE = TimeUnit.SECONDS.toNanos(5);

  private final Drained process;
  private final Optional<Stop> stop;
  private long since;
  private final long readBefore;
  private long patience;
  private boolean overflow;
  private boolean givenUp;
  private boolean done;

  /**
   * Begins.
   *
   * @param stop why the process was ended before its time, if it was
   */
  Drain(Drained process, Optional<Stop> stop, long now) {
    this.process = process;
    this.stop = stop;
    this.since = now;
    this.readBefore = process.bytesRead();
    this.patience = stop.isPresent() ? IN_HASTE : PATIENCE;
  }

  /** Takes a buffer of each pipe, if there is something and the sink has room for it. */
  Pumped step(long now, byte[] buffer) {
    Pumped pumped = process.pump(buffer);
    if (pumped == Pumped.OVERFLOW) {
      overflow = true;
      done = true;
    } else if (pumped == Pumped.NOTHING) {
      givenUp = process.isHeldUp() && now - Math.max(since, process.lastProgress()) > patience;
      done = givenUp || !process.isHeldUp();
    } else {
      givenUp = process.bytesRead() - readBefore > MOST;
      done = givenUp;
    }
    return pumped;
  }

  /** Somebody waits for the end: a sink that stands still is given up earlier. */
  void hurry(long now) {
    since = now;
    patience = IN_HASTE;
  }

  /** Something went wrong: what has been taken is what there is. */
  void abort() {
    done = true;
  }

  boolean isDone() {
    return done;
  }

  /** Whether the output turned out to be larger than it may. */
  boolean hasOverflowed() {
    return overflow;
  }

  /** Whether not everything was taken. */
  boolean isGivenUp() {
    return givenUp;
  }

  Optional<Stop> stop() {
    return stop;
  }
}
