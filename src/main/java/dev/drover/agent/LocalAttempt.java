package dev.drover.agent;

import dev.drover.agent.LiveProcess.Pumped;
import dev.drover.agent.Preparation.Prepared;
import dev.drover.agent.Preparation.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt on this host, from waiting to its result. Its state belongs to the supervisor's
 * thread; what takes time is handed to the executor.
 */
final class LocalAttempt implements RunningAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAttempt.class);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration UNKILLABLE = Duration.ofSeconds(10);
  private static final Duration KILL_AGAIN = Duration.ofMillis(50);

  private final AttemptRequest request;
  private final LocalExecution execution;
  private final SerialQueue callbacks;
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

  private @Nullable LiveProcess live;
  private @Nullable Stop stop;
  private long killedAt;
  private boolean killed;
  private long goneSince;
  private @Nullable Drain drain;
  private boolean ended;

  /** Why a process is being ended before its time; no failure type means: on request. */
  record Stop(Optional<FailureType> failure, String message, long at, boolean gently) {}

  LocalAttempt(AttemptRequest request, LocalExecution execution, Executor executor) {
    this.request = request;
    this.execution = execution;
    this.callbacks = new SerialQueue(executor);
  }

  @Override
  public CompletableFuture<AttemptResult> result() {
    return result;
  }

  @Override
  public void cancel(String reason) {
    execution.supervisor().cancel(this, reason);
  }

  @Override
  public void fail(FailureType type, String message) {
    execution.supervisor().post(() -> stop(type, message));
  }

  /** Whose turn is its turn. */
  String share() {
    return request.identity().share();
  }

  AttemptRequest request() {
    return request;
  }

  @Nullable LiveProcess live() {
    return live;
  }

  /** Whether it has its result, or will have it without the supervisor. */
  boolean hasEnded() {
    return ended;
  }

  /** It has got its turn. */
  void admit() {
    callbacks.execute(
        () -> {
          try {
            Prepared prepared = execution.preparation().prepare(request);
            execution.supervisor().post(() -> start(prepared));
          } catch (Refused refused) {
            String message = String.valueOf(refused.getMessage());
            execution.supervisor().post(() -> failEarly(refused.type(), message));
          } catch (Throwable e) { // whatever it is, the result must not stay open
            LOG.atError().setCause(e).log("An attempt could not be prepared");
            execution.supervisor().post(() -> failEarly(FailureType.INTERNAL, e.toString()));
          }
        });
  }

  private void start(Prepared prepared) {
    if (ended || stop != null) {
      prepared.discard();
      settleUnstarted();
      return;
    }
    try {
      LiveProcess started =
          LiveProcess.start(
              prepared,
              execution.leash().hold(),
              execution.isolation().wraps(),
              request.manifest().limits(),
              execution.clock(),
              new LogHandover(request.log(), callbacks, execution.supervisor()::wake));
      live = started;
      // Leftovers are killed away from the supervisor: the JDK drains the pipes of an ended process
      // under a lock that the supervisor needs, for as long as somebody writes.
      var unused =
          started.process().onExit().thenRunAsync(() -> exited(started), execution.executor());
    } catch (IOException | RuntimeException | Error e) { // no thread to be had is an Error too
      prepared.discard();
      failEarly(FailureType.START_FAILED, prepared.mask().text("cannot be started: " + e));
    } finally {
      prepared.deleteInput();
    }
  }

  private void exited(LiveProcess process) {
    process.hasExited();
    process.tree().killLeftovers();
    process.hold().release();
    execution.supervisor().post(() -> settle(process));
  }

  /** Looks after the running process. */
  Pumped tick(long now, byte[] buffer) {
    LiveProcess process = live;
    if (process == null || ended) {
      return Pumped.NOTHING;
    }
    Drain last = drain;
    if (last != null) {
      return drain(process, last, now, buffer);
    }
    Pumped pumped = process.pump(buffer);
    if (pumped == Pumped.OVERFLOW) {
      stop(FailureType.OUTPUT_TOO_LARGE, tooLarge());
    }
    if (stop == null && process.age(now).compareTo(request.timeout()) > 0) {
      String message = "did not end within its time limit of " + text(request.timeout());
      stopWith(new Stop(Optional.of(FailureType.TIMEOUT), message, now, true));
    }
    escalate(process, now);
    noticeLostExit(process, now);
    return pumped;
  }

  private Pumped drain(LiveProcess process, Drain last, long now, byte[] buffer) {
    Pumped pumped = Pumped.NOTHING;
    try {
      pumped = last.step(now, buffer);
    } catch (RuntimeException | Error e) { // else it would be tried for ever
      LOG.atError().setCause(e).log("The last output of an attempt could not be read");
      last.abort();
    }
    if (last.isDone()) {
      conclude(process, last);
    }
    return pumped;
  }

  private String tooLarge() {
    return "wrote more than " + ByteSize.print(request.manifest().limits().output()) + " of output";
  }

  static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }

  /** Ends it at once because it broke a bound. */
  void stop(FailureType type, String message) {
    stopWith(new Stop(Optional.of(type), message, System.nanoTime(), false));
  }

  /** Ends it at once because the kernel says that it broke a bound. */
  void stop(Bounds.Breach breach) {
    stopWith(because(breach));
  }

  private static Stop because(Bounds.Breach breach) {
    return new Stop(Optional.of(breach.type()), breach.message(), System.nanoTime(), false);
  }

  /** Ends it on request. */
  void stop(String reason) {
    stopWith(new Stop(Optional.empty(), reason, System.nanoTime(), true));
  }

  private void stopWith(Stop why) {
    if (drain != null) {
      drain.hurry(why.at());
    }
    if (stop != null || ended || drain != null) {
      return;
    }
    stop = why;
    LiveProcess process = live;
    if (process != null) {
      if (why.gently()) {
        process.tree().terminate();
      } else {
        kill(process, why.at());
      }
    }
  }

  private void kill(LiveProcess process, long now) {
    killed = true;
    killedAt = now;
    process.tree().kill();
    process.bounds().kill();
  }

  private void escalate(LiveProcess process, long now) {
    Stop why = stop;
    if (why == null || ended) {
      return;
    }
    if (!killed ? now - why.at() > GRACE.toNanos() : now - killedAt > KILL_AGAIN.toNanos()) {
      kill(process, now);
    }
    if (now - why.at() > UNKILLABLE.toNanos()) {
      LOG.atError().addKeyValue("pid", process.process().pid()).log("An agent does not die");
      settle(process);
    }
  }

  /** An executor that is shut down tells nobody that the process has ended. */
  private void noticeLostExit(LiveProcess process, long now) {
    if (ended || process.process().isAlive()) {
      return;
    }
    if (goneSince == 0) {
      goneSince = now;
    } else if (now - goneSince > GRACE.toNanos()) {
      process.hold().release();
      settle(process);
    }
  }

  private void settle(LiveProcess process) {
    if (!ended && drain == null) {
      if (stop == null) { // the kernel may have ended it between two looks
        process.bounds().breach().ifPresent(b -> stop = because(b));
      }
      drain = new Drain(process, Optional.ofNullable(stop), System.nanoTime());
    }
  }

  private void conclude(LiveProcess process, Drain last) {
    ended = true;
    Outcome outcome = new Outcome(request.manifest(), execution.isolation().name());
    callbacks.execute(
        () -> {
          try {
            process.finish(last.isGivenUp());
            Stop overflow =
                new Stop(Optional.of(FailureType.OUTPUT_TOO_LARGE), tooLarge(), 0, false);
            Optional<Stop> why =
                last.hasOverflowed() ? last.stop().or(() -> Optional.of(overflow)) : last.stop();
            // The last lines are queued behind this task; the result comes after them.
            AttemptResult how = outcome.of(process, why);
            callbacks.execute(() -> result.complete(how));
          } catch (Throwable e) { // whatever it is, the result must not stay open
            LOG.atError().setCause(e).log("An attempt's result could not be read");
            result.complete(
                AttemptResult.Failed.early(
                    FailureType.INTERNAL, e.toString(), execution.isolation().name()));
          } finally {
            process.bounds().release();
          }
        });
  }

  private void failEarly(FailureType type, String message) {
    if (stop != null) {
      settleUnstarted();
    } else if (!ended) {
      ended = true;
      AttemptResult failed =
          AttemptResult.Failed.early(type, message, execution.isolation().name());
      callbacks.execute(() -> result.complete(failed));
    }
  }

  /** It was stopped before it began. */
  void settleUnstarted() {
    if (!ended) {
      ended = true;
      String reason = stop == null ? "stopped" : stop.message();
      String runtime = execution.isolation().name();
      callbacks.execute(
          () -> result.complete(new AttemptResult.Cancelled(reason, runtime, Duration.ZERO)));
    }
  }
}
