package dev.drover.run;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the lease, and says when it is lost. On threads of its own: no slow look at the database
 * must keep a server from stopping in time.
 */
final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final long RENEW_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 250;

  private final Lease lease;
  private final LongConsumer renewed;
  private final Consumer<Loss> lost;
  private final AtomicLong losses = new AtomicLong();
  private final AtomicBoolean lapsed = new AtomicBoolean();
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "lease");
            thread.setDaemon(true);
            return thread;
          });

  /** How a lease is lost. */
  enum Loss {
    /** Another server has taken the runs up. */
    REPLACED,
    /** It can't be extended; when it can, nothing may have been taken up. */
    LAPSED
  }

  /**
   * @param renewed hears {@link System#nanoTime()} from before each extension
   * @param lost called each time the lease is found lost
   */
  LeaseKeeper(Lease lease, LongConsumer renewed, Consumer<Loss> lost) {
    this.lease = lease;
    this.renewed = renewed;
    this.lost = lost;
  }

  void start() {
    renew();
    var unused =
        threads.scheduleWithFixedDelay(
            this::renew, RENEW_MILLIS, RENEW_MILLIS, TimeUnit.MILLISECONDS);
    var unusedToo =
        threads.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** How often it was lost; one that lapses and is then found to be replaced was lost once. */
  long losses() {
    return losses.get();
  }

  private void renew() {
    long asked = System.nanoTime();
    try {
      boolean replaced = lease.renew() == Lease.Renewal.REPLACED;
      if (!lapsed.getAndSet(false) && replaced) {
        losses.incrementAndGet();
      }
      if (replaced) {
        lost.accept(Loss.REPLACED);
      }
      renewed.accept(asked);
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("The lease could not be extended; trying again");
    }
  }

  private void look() {
    try {
      if (!lease.isHeld()) {
        if (lapsed.compareAndSet(false, true)) {
          losses.incrementAndGet();
        }
        lost.accept(Loss.LAPSED);
      }
    } catch (RuntimeException | Error e) { // else nobody would ever look again
      LOG.atError().setCause(e).log("What follows from a lost lease failed; trying again");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
