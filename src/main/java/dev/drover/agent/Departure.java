package dev.drover.agent;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees a process off: asks it to end, kills it, kills it again; and notices that it has gone where
 * nobody tells so. Belongs to the supervisor's thread.
 */
final class Departure {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
  private static final long GRACE = TimeUnit.SECONDS.toNanos(2);
  private static final long UNKILLABLE = TimeUnit.SECONDS.toNanos(10);
  private static final long KILL_AGAIN = TimeUnit.MILLISECONDS.toNanos(50);

  private final LiveProcess process;
  private long askedAt;
  private boolean asked;
  private long killedAt;
  private boolean killed;
  private long goneSince;

  Departure(LiveProcess process) {
    this.process = process;
  }

  /** Begins. */
  void begin(Stop why) {
    asked = true;
    askedAt = why.at();
    if (why.gently()) {
      process.tree().terminate();
    } else {
      kill(askedAt);
    }
  }

  boolean hasBegun() {
    return asked;
  }

  private void kill(long now) {
    killed = true;
    killedAt = now;
    process.tree().kill();
    process.bounds().kill();
  }

  /**
   * Goes on with what was begun.
   *
   * @return whether the process must be given up: it can't be killed
   */
  boolean escalate(long now) {
    if (!asked) {
      return false;
    }
    if (!killed ? now - askedAt > GRACE : now - killedAt > KILL_AGAIN) {
      kill(now);
    }
    if (now - askedAt > UNKILLABLE) {
      LOG.atError().addKeyValue("pid", process.process().pid()).log("An agent does not die");
      return true;
    }
    return false;
  }

  /**
   * Whether it has gone and nobody told so: an executor that is shut down does not. Its hold is
   * released then.
   */
  boolean isUntold(long now) {
    if (process.process().isAlive()) {
      return false;
    }
    goneSince = goneSince == 0 ? now : goneSince;
    if (now - goneSince <= GRACE) {
      return false;
    }
    process.hold().release();
    return true;
  }
}
