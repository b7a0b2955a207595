package dev.drover.agent;

import dev.drover.agent.Conversation.Reply;
import dev.drover.agent.Preparation.Prepared;
import dev.drover.agent.WarmProcess.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt that is served by a warm process, which serves others before and after. Its state
 * belongs to the supervisor's thread; what takes time is handed to the executor.
 */
final class WarmAttempt implements RunningAttempt, Placed {
  private static final Logger LOG = LoggerFactory.getLogger(WarmAttempt.class);

  /** An end of the process ends the pipes to it, and so the wait for the reply. */
  private static final long REPLY_AFTER_END = TimeUnit.SECONDS.toNanos(1);

  private final AttemptRequest request;
  private final WarmKey key;
  private final LocalExecution execution;
  private final SerialQueue callbacks;
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

  private @Nullable WarmService service;
  private int linesBefore;
  private @Nullable Stop stop;
  private boolean ended;

  WarmAttempt(AttemptRequest request, LocalExecution execution) {
    this.request = request;
    this.key = WarmKey.of(request);
    this.execution = execution;
    this.callbacks = new SerialQueue(execution.executor());
  }

  @Override
  public CompletableFuture<AttemptResult> result() {
    return result;
  }

  @Override
  public void cancel(String reason) {
    execution
        .supervisor()
        .post(
            () -> {
              if (execution.warm().remove(this)) {
                stop(reason);
                tellUnstarted();
              } else {
                execution.supervisor().cancel(this, reason);
              }
            });
  }

  WarmKey key() {
    return key;
  }

  AgentManifest manifest() {
    return request.manifest();
  }

  AgentManifest.Warm warm() {
    return request.manifest().warm().orElse(AgentManifest.Warm.DEFAULT);
  }

  @Override
  public String share() {
    return request.identity().share();
  }

  @Override
  public AgentManifest.Limits limits() {
    return request.manifest().limits();
  }

  /** The process is answerable for itself. */
  @Override
  public @Nullable LiveProcess live() {
    return null;
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public void admit() {
    execution.prepare(callbacks, p -> WarmRequest.line(request), this::begin, this::failEarly);
  }

  private void begin(byte[] line) {
    if (ended || stop != null) {
      settleUnstarted();
      return;
    }
    Optional<WarmProcess> idle = execution.warm().takeIdle(key);
    if (idle.isPresent()) {
      serve(idle.get(), line);
    } else {
      execution.prepare(
          callbacks,
          p -> p.prepareWarm(request.manifest()),
          prepared -> start(prepared, line),
          this::failEarly);
    }
  }

  private void start(Prepared prepared, byte[] line) {
    if (ended || stop != null) {
      prepared.discard();
      settleUnstarted();
      return;
    }
    try {
      WarmProcess process = WarmProcess.start(prepared, this, execution);
      execution.warm().add(process);
      serve(process, line);
    } catch (IOException | RuntimeException | Error e) { // no thread to be had is an Error too
      prepared.discard();
      failEarly(FailureType.START_FAILED, prepared.mask().text("cannot be started: " + e));
    }
  }

  private void serve(WarmProcess process, byte[] line) {
    LogHandover handover = new LogHandover(request.log(), callbacks, execution.supervisor()::wake);
    LiveProcess live = process.live();
    AttemptLog log =
        new AttemptLog(live.stderr(), handover, limits().log(), live.mask(), execution.clock());
    log.continueAfter(linesBefore);
    boolean fresh = !process.isUsed();
    WarmService begun = new WarmService(process, log);
    service = begun;
    process.serve(
        this,
        line,
        limits().output() + WarmRequest.ENVELOPE,
        reply -> replied(begun, reply, fresh, line));
  }

  private void replied(WarmService from, Reply reply, boolean fresh, byte[] line) {
    if (service != from || ended || stop != null || from.drain != null) {
      return;
    }
    from.reply = reply;
    from.replied = true;
    if (reply instanceof Reply.Unread && !fresh) {
      // It had ended before it could begin with this: another one does it.
      from.process.release(Fate.KILL);
      linesBefore = from.log.number();
      service = null;
      begin(line);
    } else if (reply instanceof Reply.TooLong) {
      stop(FailureType.OUTPUT_TOO_LARGE, tooLarge());
    } else if (reply instanceof Reply.Line) {
      from.log.endHere();
      // The kernel may have ended a part of it, and the rest answers as if nothing had happened.
      Optional<Stop> broken =
          from.process.live().bounds().breach().map(b -> Stop.broken(b.type(), b.message()));
      from.drain = new Drain(from.log, broken, System.nanoTime());
    } else if (from.goneAt != 0) {
      drain(from);
    } else {
      from.process.awaitEnd(); // its exit code says why
    }
  }

  private String tooLarge() {
    return "wrote more than " + ByteSize.print(limits().output()) + " of output";
  }

  /** The process has ended. What came of the request says whether it had begun with it. */
  void processGone() {
    WarmService served = service;
    if (served != null && !ended && served.drain == null) {
      if (stop != null || served.replied) {
        drain(served);
      } else {
        served.goneAt = System.nanoTime();
      }
    }
  }

  private void drain(WarmService served) {
    served.drain = new Drain(served.log, Optional.ofNullable(stop), System.nanoTime());
  }

  @Override
  public Pumped tick(long now, byte[] buffer) {
    WarmService served = service;
    if (served == null || ended) {
      return Pumped.NOTHING;
    }
    Drain last = served.drain;
    if (last != null) {
      return drain(served, last, now, buffer);
    }
    if (served.goneAt != 0 && now - served.goneAt > REPLY_AFTER_END) {
      drain(served);
      return Pumped.NOTHING;
    }
    if (stop == null && served.age(now).compareTo(request.timeout()) > 0) {
      stopWith(Stop.late("answer", request.timeout(), now));
    }
    return served.log.pump(buffer);
  }

  private Pumped drain(WarmService served, Drain last, long now, byte[] buffer) {
    Pumped pumped = Pumped.NOTHING;
    try {
      pumped = last.step(now, buffer);
    } catch (RuntimeException | Error e) { // else it would be tried for ever
      request
          .identity()
          .about(LOG.atError())
          .setCause(e)
          .log("The last log of an attempt could not be read");
      last.abort();
    }
    if (last.isDone()) {
      conclude(served, last);
    }
    return pumped;
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
    WarmService served = service;
    if (served != null && served.drain != null) {
      served.drain.hurry(why.at());
    } else if (stop == null && !ended) {
      stop = why;
      if (served != null) {
        served.process.end(why);
      }
    }
  }

  private void conclude(WarmService served, Drain last) {
    ended = true;
    Duration duration = served.age(System.nanoTime());
    Outcome outcome = new Outcome(request.manifest(), execution.isolation().name());
    callbacks.execute(
        () -> {
          AttemptResult how;
          Fate fate = Fate.KILL;
          try {
            served.log.finish(last.isGivenUp());
            how = served.outcome(outcome, last.stop(), duration);
            fate = last.isGivenUp() ? Fate.KILL : served.fate(how);
          } catch (Throwable e) { // whatever it is, the result must not stay open
            request
                .identity()
                .about(LOG.atError())
                .setCause(e)
                .log("An attempt's result could not be read");
            how =
                new AttemptResult.Failed(
                    FailureType.INTERNAL,
                    e.toString(),
                    false,
                    OptionalInt.empty(),
                    execution.isolation().name(),
                    duration);
          }
          release(served, fate, how);
        });
  }

  /** First the process: who asks again on this result shall find it. */
  private void release(WarmService served, Fate fate, AttemptResult how) {
    execution
        .supervisor()
        .post(
            () -> {
              served.process.release(fate);
              execution.warm().leave(this);
            });
    // The last lines are queued behind this task; the result comes after them.
    callbacks.execute(() -> result.complete(how));
  }

  private AttemptResult early(FailureType type, String message) {
    return AttemptResult.Failed.early(type, message, execution.isolation().name());
  }

  private void failEarly(FailureType type, String message) {
    if (stop != null) {
      settleUnstarted();
    } else if (!ended) {
      ended = true;
      execution.warm().leave(this);
      callbacks.execute(() -> result.complete(early(type, message)));
    }
  }

  @Override
  public void settleUnstarted() {
    if (!ended) {
      execution.warm().leave(this);
      tellUnstarted();
    }
  }

  private void tellUnstarted() {
    ended = true;
    String reason = stop == null ? "stopped" : stop.message();
    String runtime = execution.isolation().name();
    callbacks.execute(
        () -> result.complete(new AttemptResult.Cancelled(reason, runtime, Duration.ZERO)));
  }
}
