package dev.drover.agent;

import dev.drover.agent.Preparation.Prepared;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt on this host with a process of its own, from waiting to its result. Its state belongs
 * to the supervisor's thread; what takes time is handed to the executor.
 */
final class LocalAttempt implements RunningAttempt, Placed {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAttempt.class);

  private final AttemptRequest request;
  private final LocalExecution execution;
  private final LocalExecution.Step<Prepared> preparing;
  private final SerialQueue callbacks;
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

  private @Nullable Recording recording;
  private @Nullable Departure departure;
  private @Nullable Stop stop;
  private @Nullable Drain drain;
  private boolean ended;

  /**
   * One that waits.
   *
   * @param preparing what is done for it before its process is started
   */
  LocalAttempt(
      AttemptRequest request, LocalExecution execution, LocalExecution.Step<Prepared> preparing) {
    this.request = request;
    this.execution = execution;
    this.preparing = preparing;
    this.callbacks = new SerialQueue(execution.executor());
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

  @Override
  public String share() {
    return request.identity().share();
  }

  @Override
  public AgentManifest.Limits limits() {
    return request.manifest().limits();
  }

  @Override
  public @Nullable LiveProcess live() {
    Recording running = recording;
    return running == null ? null : running.process();
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public void admit() {
    execution.prepare(callbacks, preparing, this::start, this::failEarly);
  }

  private void start(Prepared prepared) {
    if (ended || stop != null) {
      prepared.discard();
      settleUnstarted();
      return;
    }
    LiveProcess started = null;
    try {
      started =
          LiveProcess.start(prepared, execution.leash().hold(), execution.isolation().wraps());
      lookAfter(started);
    } catch (IOException | RuntimeException | Error e) { // no thread to be had is an Error too
      recording = null;
      if (started != null) {
        started.abandon();
      }
      prepared.discard();
      failEarly(FailureType.START_FAILED, prepared.mask().text("cannot be started: " + e));
    } finally {
      prepared.deleteInput();
    }
  }

  private void lookAfter(LiveProcess process) {
    recording = new Recording(process, log(process), limits().output());
    departure = new Departure(process);
    // Leftovers are killed away from the supervisor: the JDK drains the pipes of an ended process
    // under a lock that the supervisor needs, for as long as somebody writes.
    var unused =
        process.process().onExit().thenRunAsync(() -> exited(process), execution.executor());
  }

  private AttemptLog log(LiveProcess process) {
    LogHandover lines = new LogHandover(request.log(), callbacks, execution.supervisor()::wake);
    return new AttemptLog(
        process.stderr(), lines, limits().log(), process.mask(), execution.clock());
  }

  private void exited(LiveProcess process) {
    process.hasExited();
    process.tree().killLeftovers();
    process.hold().release();
    execution.supervisor().post(this::settle);
  }

  @Override
  public Pumped tick(long now, byte[] buffer) {
    Recording running = recording;
    Departure end = departure;
    if (running == null || end == null || ended) {
      return Pumped.NOTHING;
    }
    Drain last = drain;
    if (last != null) {
      return drain(running, last, now, buffer);
    }
    Pumped pumped = running.pump(buffer);
    if (pumped == Pumped.OVERFLOW) {
      stop(FailureType.OUTPUT_TOO_LARGE, tooLarge());
    }
    if (stop == null && running.process().age(now).compareTo(request.timeout()) > 0) {
      stopWith(Stop.late("end", request.timeout(), now));
    }
    if (end.escalate(now) || end.isUntold(now)) {
      settle();
    }
    return pumped;
  }

  private Pumped drain(Recording running, Drain last, long now, byte[] buffer) {
    Pumped pumped = Pumped.NOTHING;
    try {
      pumped = last.step(now, buffer);
    } catch (RuntimeException | Error e) { // else it would be tried for ever
      request
          .identity()
          .about(LOG.atError())
          .setCause(e)
          .log("The last output of an attempt could not be read");
      last.abort();
    }
    if (last.isDone()) {
      conclude(running, last);
    }
    return pumped;
  }

  private String tooLarge() {
    return "wrote more than " + ByteSize.print(limits().output()) + " of output";
  }

  @Override
  public void stop(FailureType type, String message) {
    stopWith(Stop.broken(type, message));
  }

  @Override
  public void stop(String reason) {
    stopWith(Stop.asked(reason));
  }

  private void stopWith(Stop why) {
    if (drain != null) {
      drain.hurry(why.at());
    }
    if (stop != null || ended || drain != null) {
      return;
    }
    stop = why;
    if (departure != null) {
      departure.begin(why);
    }
  }

  private void settle() {
    Recording running = recording;
    if (!ended && drain == null && running != null) {
      if (stop == null) { // the kernel may have ended it between two looks
        Optional<Bounds.Breach> breach = running.process().bounds().breach();
        breach.ifPresent(b -> stop = Stop.broken(b.type(), b.message()));
      }
      drain = new Drain(running, Optional.ofNullable(stop), System.nanoTime());
    }
  }

  private void conclude(Recording running, Drain last) {
    ended = true;
    Outcome outcome = new Outcome(request.manifest(), execution.isolation().name());
    callbacks.execute(
        () -> {
          try {
            running.finish(last.isGivenUp());
            Optional<Stop> why =
                last.hasOverflowed()
                    ? last.stop()
                        .or(
                            () ->
                                Optional.of(Stop.broken(FailureType.OUTPUT_TOO_LARGE, tooLarge())))
                    : last.stop();
            Ending ending = running.ending();
            // The last lines are queued behind this task; the result comes after them.
            AttemptResult how =
                why.map(w -> outcome.stopped(w, ending))
                    .orElseGet(() -> outcome.ended(running.output(), ending));
            callbacks.execute(() -> result.complete(how));
          } catch (Throwable e) { // whatever it is, the result must not stay open
            request
                .identity()
                .about(LOG.atError())
                .setCause(e)
                .log("An attempt's result could not be read");
            result.complete(
                new AttemptResult.Failed(
                    FailureType.INTERNAL,
                    e.toString(),
                    false,
                    OptionalInt.empty(),
                    execution.isolation().name(),
                    running.process().duration()));
          } finally {
            running.process().bounds().release();
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

  @Override
  public void settleUnstarted() {
    if (!ended) {
      ended = true;
      String reason = stop == null ? "stopped" : stop.message();
      String runtime = execution.isolation().name();
      callbacks.execute(
          () -> result.complete(new AttemptResult.Cancelled(reason, runtime, Duration.ZERO)));
    }
  }
}
