package dev.drover.agent;

import dev.drover.agent.Preparation.Prepared;
import dev.drover.agent.Preparation.Refused;
import dev.drover.agent.dagger.ContainerEnd;
import dev.drover.agent.dagger.ContainerSpec;
import dev.drover.agent.dagger.RunningContainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt in a container, from waiting to its result. All that happens to it happens on its own
 * queue, one thing at a time.
 */
final class DaggerAttempt implements RunningAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(DaggerAttempt.class);
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final AttemptRequest request;
  private final DaggerRuntime runtime;
  private final SerialQueue queue;
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
  private @Nullable RunningContainer container;
  private @Nullable DaggerLog log;
  private SecretMask mask = SecretMask.NONE;
  private @Nullable Stop stop;
  private boolean lapsed;

  DaggerAttempt(AttemptRequest request, DaggerRuntime runtime) {
    this.request = request;
    this.runtime = runtime;
    this.queue = new SerialQueue(runtime.executor());
  }

  @Override
  public CompletableFuture<AttemptResult> result() {
    return result;
  }

  @Override
  public void cancel(String reason) {
    if (runtime.withdraw(this)) {
      withdrawn(reason);
    } else {
      queue.execute(() -> stop(reason));
    }
  }

  @Override
  public void fail(FailureType type, String message) {
    queue.execute(() -> stop(Stop.broken(type, message)));
  }

  /** It ends before its turn has come. */
  void withdrawn(String reason) {
    queue.execute(
        () -> {
          stop(reason);
          conclude(new ContainerEnd.Aborted(Duration.ZERO));
        });
  }

  /** Its server's lease has run out. */
  void lapse() {
    queue.execute(
        () -> {
          lapsed = true;
          stop("the lease ran out");
        });
  }

  private void stop(String reason) {
    stop(Stop.asked(reason));
  }

  private void stop(Stop why) {
    if (stop == null) {
      stop = why;
    }
    if (container != null) {
      container.abort();
    }
  }

  /** Whose turn is its turn. */
  String share() {
    return request.identity().share();
  }

  /** It has got its turn. */
  void admit() {
    queue.execute(
        () -> {
          try {
            if (stop != null) {
              conclude(new ContainerEnd.Aborted(Duration.ZERO));
            } else {
              begin();
            }
          } catch (Refused refused) {
            endEarly(refused.type(), String.valueOf(refused.getMessage()), Duration.ZERO);
          } catch (Throwable e) { // whatever it is, the result must not stay open
            request
                .identity()
                .about(LOG.atError())
                .setCause(e)
                .log("An attempt could not be prepared");
            endEarly(FailureType.INTERNAL, e.toString(), Duration.ZERO);
          }
        });
  }

  private void begin() throws Refused, IOException {
    DaggerLaunch launch = new DaggerLaunch(runtime.settings().classpath());
    Prepared prepared =
        new Preparation(launch, runtime.settings(), ClassArchives.NONE).prepare(request);
    mask = prepared.mask();
    ContainerSpec spec;
    try {
      spec = launch.container(request, prepared);
    } finally {
      prepared.deleteInput();
    }
    LogHandover lines = new LogHandover(request.log(), queue, () -> queue.execute(this::pump));
    DaggerLog kept =
        new DaggerLog(lines, request.manifest().limits().log(), mask, runtime.settings().clock());
    log = kept;
    RunningContainer running =
        runtime
            .engine()
            .run(
                spec,
                request.identity().traceparent(),
                piece -> queue.execute(() -> kept.live(piece)));
    container = running;
    var unused = running.end().thenAccept(end -> queue.execute(() -> drain(end)));
  }

  private void pump() {
    if (log != null) {
      log.pump();
    }
  }

  /** The program has ended: what is left of its log goes out before its result. */
  private void drain(ContainerEnd end) {
    DaggerLog kept = log;
    if (kept == null) {
      conclude(end);
      return;
    }
    try {
      if (end instanceof ContainerEnd.Exited exited) {
        kept.told(exited.stderr(), exited.whole());
      }
      lookAgain(kept, end);
    } catch (RuntimeException | Error e) {
      concludeWithoutLog(end, e);
    }
  }

  private void lookAgain(DaggerLog kept, ContainerEnd end) {
    boolean hurry = stop != null || !(end instanceof ContainerEnd.Exited);
    boolean done = kept.pump();
    if (done || kept.isStuck(hurry)) {
      kept.end(!done);
      queue.execute(() -> conclude(end)); // the last lines are queued before it
    } else {
      CompletableFuture.delayedExecutor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS, queue)
          .execute(
              () -> {
                try {
                  lookAgain(kept, end);
                } catch (RuntimeException | Error e) {
                  concludeWithoutLog(end, e);
                }
              });
    }
  }

  /** What is wrong with its log is no reason to hold its result back. */
  private void concludeWithoutLog(ContainerEnd end, Throwable fault) {
    request
        .identity()
        .about(LOG.atError())
        .setCause(fault)
        .log("The rest of an attempt's log could not be handed over");
    log = null;
    conclude(end);
  }

  private void conclude(ContainerEnd end) {
    try {
      finish(result(end));
    } catch (RuntimeException | Error e) {
      request
          .identity()
          .about(LOG.atError())
          .setCause(e)
          .log("An attempt's result could not be read");
      endEarly(FailureType.INTERNAL, e.toString(), end.took());
    }
  }

  private AttemptResult result(ContainerEnd end) {
    boolean ran = // to an end of its own, which a stop that comes later does not change
        end instanceof ContainerEnd.Exited
            || end instanceof ContainerEnd.TimedOut
            || end instanceof ContainerEnd.TooLarge;
    if (lapsed && !ran) {
      String message = "stopped, because its server could not renew its lease";
      return failed(FailureType.LEASE_LOST, message, end.took());
    } else if (stop != null && !ran) {
      return stop.failure().isPresent()
          ? outcome(0, "", end.took(), Optional.of(stop))
          : new AttemptResult.Cancelled(stop.message(), DaggerLaunch.NAME, end.took());
    }
    if (end instanceof ContainerEnd.Exited done) {
      return outcome(done.code(), done.stdout(), done.took(), Optional.empty());
    } else if (end instanceof ContainerEnd.TimedOut late) {
      Stop stopped = Stop.late("end", request.timeout(), System.nanoTime());
      return outcome(0, "", late.took(), Optional.of(stopped));
    } else if (end instanceof ContainerEnd.TooLarge large) {
      String most = ByteSize.print(request.manifest().limits().output());
      String message = "wrote more than " + most + " of output";
      Stop stopped = Stop.broken(FailureType.OUTPUT_TOO_LARGE, message);
      return outcome(0, "", large.took(), Optional.of(stopped));
    } else if (end instanceof ContainerEnd.Refused refused) {
      return refused(refused);
    } else if (end instanceof ContainerEnd.Unavailable unavailable) {
      return failed(FailureType.START_FAILED, unavailable.reason(), unavailable.took());
    } else if (end instanceof ContainerEnd.Lost lost) {
      return lost(lost);
    }
    return new AttemptResult.Cancelled("stopped", DaggerLaunch.NAME, end.took());
  }

  private AttemptResult refused(ContainerEnd.Refused refused) {
    return refused.took().isZero()
        ? failed(
            FailureType.START_FAILED, "Dagger does not run it: " + refused.reason(), refused.took())
        : failed(FailureType.INTERNAL, "ran, but " + refused.reason(), refused.took());
  }

  private AttemptResult lost(ContainerEnd.Lost lost) {
    boolean once = request.manifest().effect() == AgentManifest.Effect.ONCE;
    return lost.begun() && once
        ? failed(
            FailureType.INTERRUPTED,
            "the engine was lost while it ran, and its effect is \"once\": whether it happened is"
                + " not known ("
                + lost.reason()
                + ")",
            lost.took())
        : failed(FailureType.ENGINE_LOST, lost.reason(), lost.took());
  }

  private AttemptResult outcome(int code, String stdout, Duration took, Optional<Stop> why) {
    List<String> tail = log == null ? List.of() : log.tail();
    Ending ending = new Ending(OptionalInt.of(code), tail, mask, took, lapsed, List.of());
    Outcome outcome = new Outcome(request.manifest(), DaggerLaunch.NAME);
    return why.map(w -> outcome.stopped(w, ending))
        .orElseGet(() -> outcome.ended(stdout.getBytes(StandardCharsets.UTF_8), ending));
  }

  private AttemptResult failed(FailureType type, String message, Duration took) {
    return new AttemptResult.Failed(
        type,
        mask.text(message),
        type == FailureType.ENGINE_LOST,
        OptionalInt.empty(),
        DaggerLaunch.NAME,
        took);
  }

  private void endEarly(FailureType type, String message, Duration took) {
    finish(failed(type, message, took));
  }

  private void finish(AttemptResult how) {
    try {
      runtime.ended(this);
    } finally { // what lets the next begin must not hold this one's result back
      result.complete(how);
    }
  }
}
