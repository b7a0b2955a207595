package dev.drover.server;

import dev.drover.run.WorkflowRegistry;
import dev.drover.schedule.Timers;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks each second at what other servers changed, and keeps the timers in step with it. Begins
 * when the workflows are in force.
 */
@Component
class Housekeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final long EVERY_MILLIS = 1_000;

  private final WorkflowRegistry workflows;
  private final Timers timers;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Pools.daemon("housekeeping"));
  private boolean started;
  private boolean trouble;

  Housekeeping(WorkflowRegistry workflows, Timers timers) {
    this.workflows = workflows;
    this.timers = timers;
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    var unused = thread.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void stop() {
    thread.shutdownNow();
  }

  private void look() {
    try {
      workflows.refresh();
      if (started) {
        timers.look();
      } else {
        timers.start();
        started = true;
      }
      trouble = false;
    } catch (RuntimeException | Error e) { // else nobody would ever look again
      LOG.atLevel(trouble ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
          .setCause(e)
          .log("What other servers changed can't be seen, nor timers be set; trying again");
      trouble = true;
    }
  }
}
