package dev.drover.run;

import dev.drover.run.Journal.StaleEpoch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which runs this server carries forward, at most {@code maxInFlight} at a time; the others
 * wait in the journal. Whatever goes wrong with a run, this class either ends it with its reason or
 * lets it go, so that it is taken up again from the journal: there is no third way.
 */
public final class RunDispatcher implements Execution.Carrier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDispatcher.class);
  private static final int CLAIM_AT_ONCE = 500;

  private final Journal journal;
  private final WorkflowRegistry workflows;
  private final Deployments deployments;
  private final RunListener listener;
  private final Clock clock;
  private final EndWriter ends;
  private final ScheduledExecutorService thread;
  private final int maxInFlight;
  private final Semaphore free;
  private final Map<RunId, Execution> inFlight = new ConcurrentHashMap<>();
  private final Set<RunId> letGo = ConcurrentHashMap.newKeySet();
  private final LostRuns lost = new LostRuns();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean backlog = true;
  private volatile boolean open;

  /** Nothing is carried before {@link #start}; {@code thread} does the claiming. */
  public RunDispatcher(
      Journal journal,
      WorkflowRegistry workflows,
      Deployments deployments,
      RunListener listener,
      Clock clock,
      Carrying carrying) {
    this.journal = journal;
    this.workflows = workflows;
    this.deployments = deployments;
    this.listener = new LoggedListener(listener);
    this.clock = clock;
    this.ends = new EndWriter(journal, clock);
    this.thread = carrying.thread();
    this.maxInFlight = carrying.maxInFlight();
    this.free = new Semaphore(maxInFlight);
  }

  /** What the dispatcher works with: its thread, and how many runs it may carry at a time. */
  public record Carrying(ScheduledExecutorService thread, int maxInFlight) {}

  /** Begins to take runs up, those first that were in flight when the last server ended. */
  public void start() {
    open = true;
    var unusedWaking = thread.scheduleWithFixedDelay(this::wake, 0, 1, TimeUnit.SECONDS);
    var unusedCleaning = thread.scheduleWithFixedDelay(this::tidy, 5, 5, TimeUnit.SECONDS);
  }

  /** How many runs are carried now. */
  public int inFlight() {
    return inFlight.size();
  }

  /**
   * Opens a run, and starts it at once if there is room.
   *
   * @return whether it was opened: false if one of the same dedupe key exists
   */
  public CompletableFuture<Boolean> open(RunRequest request) {
    boolean room = open && free.tryAcquire();
    Instant now = clock.instant();
    CompletableFuture<Boolean> opening;
    try {
      opening = journal.open(request, room ? Optional.of(now) : Optional.empty());
    } catch (RuntimeException | Error e) {
      opening = CompletableFuture.failedFuture(e);
    }
    return opening.whenComplete(
        (opened, failure) -> {
          if (room && Boolean.TRUE.equals(opened)) {
            carry(LiveRun.begun(request, 1, now));
          } else if (room) {
            free.release(); // if it was written all the same, it is found as lost
          } else if (Boolean.TRUE.equals(opened)) {
            backlog = true;
          }
        });
  }

  /** There may be runs in the journal to take up. */
  public void wake() {
    backlog = true;
    if (open && woken.compareAndSet(false, true)) {
      try {
        thread.execute(this::claim);
      } catch (RejectedExecutionException e) {
        LOG.atDebug().setCause(e).log("Closing: no more runs are taken up");
      }
    }
  }

  @Override
  public void complete(Execution execution) {
    if (!execution.beginEnd()) {
      return;
    }
    RunEnd end;
    try {
      end = RunEnd.of(execution.deployed().workflow(), execution.outcomes(), execution.scope());
    } catch (RuntimeException | Error e) {
      end = RunEnd.fault(Failure.of(e));
    }
    end(execution, end);
  }

  @Override
  public void fault(Execution execution, Throwable cause) {
    if (isRejection(cause)) {
      abandon(execution, cause);
    } else if (execution.beginEnd()) {
      LOG.atError()
          .addKeyValue("run", execution.id())
          .addKeyValue("workflow", execution.deployed().id())
          .setCause(cause)
          .log("The engine failed; the run ends as FAILED");
      end(execution, RunEnd.fault(Failure.of(cause)));
    } else {
      LOG.atDebug().addKeyValue("run", execution.id()).setCause(cause).log("Behind its run's end");
    }
  }

  /** Executors refuse work only when the server stops: no reason for a run to fail. */
  private static boolean isRejection(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof RejectedExecutionException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void abandon(Execution execution, Throwable cause) {
    if (!release(execution)) {
      return;
    }
    if (cause instanceof StaleEpoch) {
      LOG.atWarn().addKeyValue("run", execution.id()).log("The run is carried elsewhere");
      return;
    }
    letGo.add(execution.id());
    LOG.atWarn()
        .addKeyValue("run", execution.id())
        .setCause(cause)
        .log("The run is let go, and will be taken up again from the journal");
  }

  /** Stops taking up runs; what is in flight is continued by the next server. */
  @Override
  public void close() {
    open = false;
    thread.shutdown();
    inFlight.values().forEach(this::release);
  }

  private void end(Execution execution, RunEnd end) {
    Async.whenDone(
        ends.write(execution.id(), execution.epoch(), end),
        (done, failure) -> {
          if (failure == null) {
            ended(execution, end);
          } else {
            abandon(execution, failure);
          }
        },
        bug -> abandon(execution, bug));
  }

  private void ended(Execution execution, RunEnd end) {
    if (!release(execution)) {
      return;
    }
    Duration took = Duration.between(execution.startedAt(), clock.instant());
    end.failure()
        .ifPresent(
            failure ->
                LOG.atWarn()
                    .addKeyValue("run", execution.id())
                    .addKeyValue("workflow", execution.deployed().id())
                    .addKeyValue("type", failure.type())
                    .addKeyValue("reason", end.reason())
                    .addKeyValue("causes", failure.causes())
                    .log("Run failed"));
    listener.runEnded(execution.id(), execution.deployed().id(), end.state(), took);
    if (backlog) {
      wake();
    }
  }

  private boolean release(Execution execution) {
    if (!execution.finish()) {
      return false;
    }
    inFlight.remove(execution.id(), execution);
    free.release();
    deployments.forget(execution);
    return true;
  }

  private void claim() {
    woken.set(false);
    int room = Math.min(free.availablePermits(), CLAIM_AT_ONCE);
    if (!open || room == 0 || !free.tryAcquire(room)) {
      return;
    }
    int unused = room;
    try {
      List<LiveRun> runs = journal.claim(room, Set.copyOf(letGo));
      backlog = runs.size() == room;
      unused -= runs.size();
      runs.forEach(
          run -> {
            letGo.remove(run.id());
            carry(run);
          });
      if (backlog) {
        wake();
      }
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("No runs could be taken up; trying again in a second");
    } finally {
      free.release(unused);
    }
  }

  /** Starts or continues a run for which a permit is held. */
  private void carry(LiveRun run) {
    Execution execution;
    try {
      execution = new Execution(run, workflows.require(run.version()), this);
    } catch (WorkflowRegistry.NotDeployable e) {
      free.release();
      endUndeployable(run, e);
      return;
    } catch (RuntimeException | Error e) {
      free.release();
      letGo.add(run.id());
      LOG.atWarn().addKeyValue("run", run.id()).setCause(e).log("A run could not be taken up yet");
      return;
    }
    inFlight.put(run.id(), execution);
    if (!open) {
      release(execution); // close() may have looked before it was there
      return;
    }
    try {
      deployments.launch(execution);
    } catch (RuntimeException | Error e) {
      fault(execution, e);
    }
  }

  private void endUndeployable(LiveRun run, Exception e) {
    LOG.atError().addKeyValue("run", run.id()).setCause(e).log("A run's version can't be deployed");
    RunEnd end = RunEnd.fault(Failure.of(e));
    Async.whenDone(
        ends.write(run.id(), run.epoch(), end),
        (done, failure) -> {
          if (failure != null) {
            letGo.add(run.id());
          } else {
            Duration took = Duration.between(run.startedAt(), clock.instant());
            listener.runEnded(run.id(), run.version(), end.state(), took);
          }
        },
        bug -> letGo.add(run.id()));
  }

  private void tidy() {
    try {
      Set<RunId> ours = journal.carried();
      letGo.retainAll(ours);
      letGo.addAll(lost.look(ours, inFlight::containsKey));
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("Lost runs could not be looked for; trying again");
    }
  }
}
