package dev.drover.run;

import dev.drover.run.RunDispatcher.Carrying;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the runs that are carried here what the journal has for them, and what time it is. */
final class Listening {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Journal journal;
  private final InFlight inFlight;
  private final Carrying carrying;
  private final BiConsumer<Execution, Throwable> fault;

  /**
   * @param fault hears of what a run throws when it is told something
   */
  Listening(
      Journal journal,
      InFlight inFlight,
      Carrying carrying,
      BiConsumer<Execution, Throwable> fault) {
    this.journal = journal;
    this.inFlight = inFlight;
    this.carrying = carrying;
    this.fault = fault;
  }

  /** Looks for signals; blocks on the database. */
  void listen() {
    try {
      if (inFlight.size() > 0) {
        journal
            .signals()
            .forEach(signal -> inFlight.find(signal.run()).ifPresent(e -> hear(e, signal)));
      }
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("Signals could not be looked for; trying again");
    }
  }

  private void hear(Execution execution, Signal signal) {
    carrying.work().execute(() -> guarded(execution, () -> execution.tell(signal)));
  }

  /** Does something for a run, which ends if that fails. */
  void guarded(Execution execution, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      fault.accept(execution, e);
    }
  }

  /** As {@link Carrier#at}. */
  Runnable at(Instant time, Runnable task) {
    return schedule(time, () -> carrying.work().execute(task));
  }

  /** As {@link Carrier#atLast}. */
  Runnable atLast(Execution execution, Instant time, Runnable task) {
    return schedule(time, () -> afterListening(execution, task));
  }

  private void afterListening(Execution execution, Runnable task) {
    List<Signal> signals;
    try {
      signals = journal.signals();
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("Signals could not be looked for; trying again");
      Runnable unused = atLast(execution, carrying.clock().instant().plus(AGAIN), task);
      return;
    }
    carrying
        .work()
        .execute(
            () -> {
              signals.stream()
                  .filter(signal -> signal.run().equals(execution.id()))
                  .forEach(signal -> guarded(execution, () -> execution.tell(signal)));
              guarded(execution, task);
            });
  }

  /** Has a thread that may block begin something. */
  private Runnable schedule(Instant time, Runnable task) {
    long millis = Math.max(0, Duration.between(carrying.clock().instant(), time).toMillis() + 1);
    try {
      Future<?> timer = carrying.threads().schedule(task, millis, TimeUnit.MILLISECONDS);
      return () -> timer.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {}; // stopping: whoever takes the run up sets a timer of its own
    }
  }
}
