package dev.drover.server;

import dev.drover.alert.AlertJobs;
import dev.drover.alert.IntakeListener;
import dev.drover.alert.IntakeUnavailable;
import dev.drover.alert.Spool;
import dev.drover.alert.SpoolDrain;
import dev.drover.run.RunDispatcher;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every second, while the server is ready: the spool is stored, and what is due to alerts is done.
 */
final class AlertTicks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertTicks.class);
  private static final long EVERY_MILLIS = 1_000;
  private static final long END_MILLIS = 5_000;

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(3, Pools.daemon("alerts"));
  private final Readiness readiness;
  private final Spool spool;
  private final SpoolDrain drain;
  private final AlertJobs jobs;
  private final IntakeListener listener;
  private final RunDispatcher dispatcher;

  AlertTicks(
      Readiness readiness,
      Spool spool,
      SpoolDrain drain,
      AlertJobs jobs,
      IntakeListener listener,
      RunDispatcher dispatcher) {
    this.readiness = readiness;
    this.spool = spool;
    this.drain = drain;
    this.jobs = jobs;
    this.listener = listener;
    this.dispatcher = dispatcher;
  }

  void start() {
    every(() -> drain.drain(readiness::isReady));
    every(this::endCooldowns);
    every(this::expire);
  }

  private void endCooldowns() {
    if (jobs.endCooldowns() > 0) {
      dispatcher.wake();
    }
  }

  private void expire() {
    if (spool.size() == 0) { // else what was seen lately may not be known yet
      int unused = jobs.expire(listener);
    }
  }

  private void every(Runnable work) {
    Runnable guarded =
        () -> {
          try {
            if (readiness.isReady()) {
              work.run();
            }
          } catch (IntakeUnavailable e) {
            LOG.atDebug().setCause(e).log("The database is away; trying again");
          } catch (RuntimeException | Error e) { // else nobody would ever do it again
            LOG.atError().setCause(e).log("The upkeep of alerts failed; trying again");
          }
        };
    var unused =
        threads.scheduleWithFixedDelay(guarded, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
