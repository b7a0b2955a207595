package dev.drover.agent.dagger;

import dev.drover.agent.dagger.ContainerEnd.Aborted;
import dev.drover.agent.dagger.ContainerEnd.Exited;
import dev.drover.agent.dagger.ContainerEnd.Lost;
import dev.drover.agent.dagger.ContainerEnd.Refused;
import dev.drover.agent.dagger.ContainerEnd.TimedOut;
import dev.drover.agent.dagger.ContainerEnd.TooLarge;
import dev.drover.agent.dagger.ContainerEnd.Unavailable;
import dev.drover.agent.dagger.ContainerQueries.NotReady;
import dev.drover.agent.dagger.ContainerQueries.Ready;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container, from getting ready to its end. No thread waits for it. */
final class ContainerRun implements RunningContainer {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerRun.class);

  /** Writing folders back. */
  private static final Duration BACK_LIMIT = Duration.ofMinutes(5);

  /** Beyond the grace that the program has inside. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  /** For the last of the stream, when the answer holds a part of stderr only. */
  private static final long STREAM_SECONDS = 2;

  private final Sessions sessions;
  private final ScheduledExecutorService timer;
  private final ContainerSpec spec;
  private final Optional<Trace> trace;
  private final ContainerListener listener;

  /** What becomes of it: the first word counts. */
  private final CompletableFuture<ContainerEnd> verdict = new CompletableFuture<>();

  /** The verdict, told when nothing of this run writes to the host any more. */
  private final CompletableFuture<ContainerEnd> end = new CompletableFuture<>();

  private final AtomicLong written = new AtomicLong();
  private volatile long began;
  private volatile @Nullable Duration ran;
  private volatile boolean told;
  private volatile Session.@Nullable Call call;
  private volatile @Nullable WriteBack back;

  ContainerRun(
      Sessions sessions,
      ScheduledExecutorService timer,
      ContainerSpec spec,
      Optional<Trace> trace,
      ContainerListener listener) {
    this.sessions = sessions;
    this.timer = timer;
    this.spec = spec;
    this.trace = trace;
    this.listener = listener;
  }

  @Override
  public CompletableFuture<ContainerEnd> end() {
    return end;
  }

  @Override
  public void abort() {
    stop(new Aborted(took()));
  }

  void start() {
    CompletableFuture<Session> open = sessions.enter();
    // The time that a session takes to come has a limit of its own.
    guarded(open, session -> later(Session.READY_LIMIT, this::notReady));
    guarded(open.thenCompose(session -> new ContainerQueries(session, spec).ready()), this::run);
    var unused =
        open.thenCombine(
            end,
            (session, how) -> {
              session.leave();
              if (how instanceof Lost) {
                sessions.doubt(session);
              }
              return how;
            });
  }

  private void notReady() {
    if (began == 0) {
      String limit = Session.READY_LIMIT.toMinutes() + " min";
      stop(new Refused("image and files were not there within " + limit, Duration.ZERO));
    }
  }

  /** Goes on with a value; with a failure, and with a fault of our own, the run ends. */
  private <T> void guarded(CompletableFuture<T> future, Consumer<T> next) {
    var unused =
        future
            .thenAccept(next)
            .exceptionally(
                fault -> {
                  settle(ended(fault));
                  return null;
                });
  }

  private void later(Duration delay, Runnable task) {
    Future<?> planned = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    var unused = verdict.whenComplete((how, fault) -> planned.cancel(false));
  }

  private ContainerEnd ended(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof NoSession none) {
      String reason = String.valueOf(none.getMessage());
      return none.isPassing() ? new Lost(reason, false, took()) : new Unavailable(reason);
    } else if (cause instanceof NotReady notReady) {
      return notReady.end();
    }
    LOG.atError().setCause(cause).log("A container's run met a fault");
    return new Refused("there was a fault of Drover's: " + cause, took());
  }

  private void run(Ready ready) {
    if (verdict.isDone()) {
      return;
    }
    LogFeed.Follower follower = ready.session().logs().follow(trace, this::heard);
    var unused = verdict.whenComplete((how, fault) -> follower.stop());
    began = System.nanoTime();
    Session.Call sent = ready.session().run(ready.query(), follower.trace(), answerLimit());
    call = sent;
    if (verdict.isDone()) {
      sent.abort();
    }
    Duration inside =
        ready.wrapping().timeout() ? SLACK.plusSeconds(Wrapping.GRACE_SECONDS) : Duration.ZERO;
    later(
        spec.bounds().timeout().plus(inside),
        () -> {
          if (!sent.reply().isDone()) { // else it has ended, and what it wrote is written back
            stop(new TimedOut(took()));
          }
        });
    guarded(sent.reply(), reply -> read(ready, reply, follower));
  }

  private long answerLimit() {
    // A byte of text is six at the most in JSON.
    return 6 * (spec.bounds().output() + spec.bounds().log()) + (1 << 20);
  }

  private void heard(LogRecords.Piece piece) {
    told = true;
    if (piece.stderr()) {
      if (!piece.text().isEmpty() && !verdict.isDone()) {
        listener.wrote(piece.text());
      }
    } else if (written.addAndGet(bytes(piece.text())) > spec.bounds().output()) {
      stop(new TooLarge(took()));
    }
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void read(Ready ready, Reply reply, LogFeed.Follower follower) {
    if (reply instanceof Reply.Data data) {
      Map<String, Object> container = ready.query().reached(data.data()).orElse(Map.of());
      if (container.get("exitCode") instanceof Number code) {
        String stdout = String.valueOf(container.get("stdout"));
        String stderr = String.valueOf(container.get("stderr"));
        exited(ready, new Exited(code.intValue(), stdout, stderr, true, took()), container);
      } else {
        settle(new Refused("the engine's answer has no exit code", took()));
      }
    } else if (reply instanceof Reply.ExecFailed failed) {
      Exited exited =
          new Exited(failed.exitCode(), failed.stdout(), failed.stderr(), false, took());
      guarded(
          follower.ended().completeOnTimeout(null, STREAM_SECONDS, TimeUnit.SECONDS),
          done -> settle(judged(ready.wrapping(), exited)));
    } else if (reply instanceof Reply.Lost lost) {
      settle(new Lost(lost.message(), true, took()));
    } else if (reply instanceof Reply.Refused refused) {
      refused(ready.session(), refused.message(), follower);
    } else {
      settle(new TooLarge(took()));
    }
  }

  /** What an engine says that is about to go is no verdict on the program. */
  private void refused(Session session, String message, LogFeed.Follower follower) {
    Duration took = took();
    boolean silent = follower.isLive(); // a program that ran would be heard of
    guarded(
        follower
            .ended()
            .completeOnTimeout(null, STREAM_SECONDS, TimeUnit.SECONDS)
            .thenCompose(done -> session.version()),
        version -> {
          Duration known = silent && !told ? Duration.ZERO : took;
          settle(version.isPresent() ? new Refused(message, known) : new Lost(message, true, took));
        });
  }

  private void exited(Ready ready, Exited exited, Map<String, Object> container) {
    ContainerEnd judged = judged(ready.wrapping(), exited);
    if (exited.code() != 0 || judged != exited) {
      settle(judged);
      return;
    }
    ran = exited.took();
    WriteBack writing = new WriteBack(ready.session(), spec);
    back = writing;
    if (verdict.isDone()) {
      return;
    }
    var unused =
        writing
            .start(container)
            .orTimeout(BACK_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (done, fault) -> settle(fault == null ? exited : notBack(fault, exited.took())));
  }

  private ContainerEnd notBack(Throwable fault, Duration took) {
    ContainerEnd why =
        fault instanceof TimeoutException
            ? new Refused("not done within " + BACK_LIMIT.toMinutes() + " min", took)
            : ended(fault);
    if (why instanceof Lost lost) {
      return new Lost(lost.reason(), true, took);
    }
    return why instanceof Refused refused
        ? new Refused("what it wrote could not be written back: " + refused.reason(), took)
        : why;
  }

  /** What the wrapping meant to say by an exit code. */
  private ContainerEnd judged(Wrapping wrapping, Exited exited) {
    long size = bytes(exited.stdout());
    long most = spec.bounds().output();
    if (size > most || (wrapping.head() && exited.code() == Wrapping.TOO_MUCH && size == most)) {
      return new TooLarge(exited.took());
    }
    boolean killed = exited.code() == 124 || exited.code() == 137 || exited.code() == 143;
    boolean late = exited.took().compareTo(spec.bounds().timeout()) >= 0;
    return wrapping.timeout() && killed && late ? new TimedOut(exited.took()) : exited;
  }

  private void stop(ContainerEnd how) {
    settle(how);
    Session.Call sent = call;
    if (sent != null) {
      sent.abort();
    }
  }

  private void settle(ContainerEnd how) {
    if (!verdict.complete(how)) {
      return;
    }
    WriteBack writing = back;
    CompletableFuture<Void> rest =
        writing == null ? CompletableFuture.completedFuture(null) : writing.stop();
    var unused = rest.whenComplete((done, fault) -> end.complete(how));
  }

  private Duration took() {
    Duration known = ran;
    if (known != null) {
      return known;
    }
    return began == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - began);
  }
}
