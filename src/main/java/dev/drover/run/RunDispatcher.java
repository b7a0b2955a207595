package dev.drover.run;

import dev.drover.run.Journal.Opened;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which runs this server carries forward, at most {@code maxInFlight} at a time; the others
 * wait in the journal. Carries only while it holds its lease.
 */
public final class RunDispatcher implements Carrier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDispatcher.class);
  private static final int CLAIM_AT_ONCE = 500;

  /** Waits that are over within this time are not worth leaving memory for. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final Journal journal;
  private final Lease lease;
  private final WorkflowRegistry workflows;
  private final Deployments deployments;
  private final RunListener listener;
  private final Clock clock;
  private final Carrying carrying;
  private final InFlight inFlight;
  private final Endings endings;
  private final LostRuns lost = new LostRuns();
  private final LeaseKeeper keeper;
  private final Listening listening;
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean backlog = true;
  private volatile boolean open;

  /** Nothing is carried before {@link #start}. */
  public RunDispatcher(
      Journal journal,
      Lease lease,
      WorkflowRegistry workflows,
      Deployments deployments,
      RunListener listener,
      Carrying carrying) {
    this.journal = journal;
    this.lease = lease;
    this.workflows = workflows;
    this.deployments = deployments;
    this.listener = new LoggedListener(listener);
    this.clock = carrying.clock();
    this.carrying = carrying;
    this.inFlight = new InFlight(carrying.maxInFlight());
    this.keeper = new LeaseKeeper(lease, carrying.leaseRenewed(), this::lose);
    this.listening = new Listening(journal, inFlight, carrying, this::fault);
    this.endings = new Endings(journal, this.listener, clock, this::release);
  }

  /**
   * What the dispatcher works with.
   *
   * @param threads block on the database
   * @param work never blocks
   * @param clock goes with the database's
   * @param maxInFlight how many runs it may carry at a time
   * @param leaseRenewed hears {@link System#nanoTime()} from before each extension of the lease
   */
  public record Carrying(
      ScheduledExecutorService threads,
      Executor work,
      Clock clock,
      int maxInFlight,
      java.util.function.LongConsumer leaseRenewed) {}

  /** Begins to take runs up, those first that were in flight when a server ended. */
  public void start() {
    keeper.start();
    open = true;
    every(500, listening::listen);
    every(1_000, this::wakeDue);
    every(5_000, this::tidy);
    wake();
  }

  private void every(long millis, Runnable task) {
    var unused =
        carrying.threads().scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** How often the lease was lost so far. */
  public long leaseLosses() {
    return keeper.losses();
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
    boolean room = open && request.slot().isEmpty() && lease.isHeld() && inFlight.tryReserve();
    Instant now = clock.instant();
    CompletableFuture<Opened> opening;
    try {
      opening = journal.open(request, room ? Optional.of(now) : Optional.empty());
    } catch (RuntimeException | Error e) {
      opening = CompletableFuture.failedFuture(e);
    }
    return opening
        .whenComplete(
            (opened, failure) -> {
              if (opened == Opened.STARTED || opened == Opened.QUEUED) {
                opened(request);
              }
              if (opened == Opened.STARTED && room) {
                carry(LiveRun.begun(request, 1, now), Runnable::run);
                return;
              }
              if (room) {
                inFlight.unreserve(1); // if it was written all the same, it is found as lost
              }
              if (opened == Opened.QUEUED) {
                wake();
              }
            })
        .thenApply(opened -> opened != Opened.DUPLICATE);
  }

  /** There may be runs in the journal to take up. */
  @Override
  public void wake() {
    backlog = true;
    if (open && woken.compareAndSet(false, true)) {
      try {
        carrying.threads().execute(this::claim);
      } catch (RejectedExecutionException e) {
        LOG.atDebug().setCause(e).log("Closing: no more runs are taken up");
      }
    }
  }

  /** There may be signals in the journal for runs that are carried here. */
  public void listen() {
    listening.listen();
  }

  @Override
  public Runnable at(Instant time, Runnable task) {
    return listening.at(time, task);
  }

  @Override
  public Runnable atLast(Execution execution, Instant time, Runnable task) {
    return listening.atLast(execution, time, task);
  }

  @Override
  public boolean isShort(Wait wait) {
    return wait.until().filter(at -> at.isBefore(clock.instant().plus(SHORT))).isPresent();
  }

  @Override
  public boolean holdsLease() {
    return lease.isHeld();
  }

  @Override
  public void complete(Execution execution) {
    endings.complete(execution);
  }

  @Override
  public void park(Execution execution) {
    endings.park(execution);
  }

  @Override
  public void fault(Execution execution, Throwable cause) {
    endings.fault(execution, cause);
  }

  @Override
  public void abandon(Execution execution, Throwable cause) {
    endings.abandon(execution, cause);
  }

  /** Stops taking up runs; what is in flight is let go. */
  @Override
  public void close() {
    open = false;
    carrying.threads().shutdown();
    keeper.close();
    inFlight.all().forEach(this::release);
  }

  private boolean release(Execution execution) {
    if (!execution.finish()) {
      return false;
    }
    inFlight.remove(execution);
    deployments.forget(execution);
    boolean hasFollower =
        execution.depth() > 0 || execution.deployed().workflow().concurrency().isPresent();
    if (backlog || hasFollower) {
      wake();
    }
    return true;
  }

  /** Stops everything before another server may take it up, or because one has. */
  private void lose(LeaseKeeper.Loss how) {
    if (inFlight.size() > 0) {
      LOG.atError()
          .addKeyValue("runs", inFlight.size())
          .addKeyValue("how", how)
          .log("The lease is lost: what is carried is let go");
      Exception why = new IllegalStateException("the lease was lost: " + how);
      inFlight.all().forEach(execution -> abandon(execution, why));
    }
    if (how == LeaseKeeper.Loss.REPLACED) {
      endings.letGo().clear(); // they are the other server's now
    }
  }

  private void wakeDue() {
    try {
      journal.wakeDue();
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("Runs whose time has come could not be woken; trying again");
    }
    wake();
  }

  private synchronized void claim() {
    woken.set(false);
    boolean mayClaim = open && lease.isHeld() && !journal.isBehind();
    int room = mayClaim ? inFlight.reserve(CLAIM_AT_ONCE) : 0;
    if (room == 0) {
      return;
    }
    int unused = room;
    try {
      endings.letGo().removeIf(inFlight::contains);
      Journal.Claimed claimed =
          journal.claim(
              new Journal.Claim(
                  room, Set.copyOf(endings.letGo()), inFlight.counts(), inFlight.share()));
      backlog = claimed.more() || claimed.held();
      unused -= claimed.runs().size();
      claimed.dropped().forEach(this::dropped);
      claimed.ends().forEach(listener::on);
      claimed.runs().forEach(this::takeUp);
      if (claimed.more()) {
        wake();
      }
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("No runs could be taken up; trying again in a second");
    } finally {
      inFlight.unreserve(unused);
    }
  }

  /** A run is in the journal that was not there before. */
  public void opened(RunRequest request) {
    listener.on(RunEvent.Opened.of(request, clock.instant()));
  }

  /** A run has ended before anybody carried it. */
  public void dropped(RunEvent.Subject run) {
    listener.on(RunEvent.Ended.unbegun(run, clock.instant()));
  }

  private void takeUp(LiveRun run) {
    endings.letGo().remove(run.id());
    carry(run, carrying.work());
  }

  /** Starts or continues a run for which a place is reserved. */
  private void carry(LiveRun run, Executor launching) {
    Execution execution;
    try {
      execution = new Execution(run, workflows.require(run.version()), this);
    } catch (WorkflowRegistry.NotDeployable e) {
      inFlight.unreserve(1);
      endings.undeployable(run, e);
      return;
    } catch (RuntimeException | Error e) {
      inFlight.unreserve(1);
      endings.letGo().add(run.id());
      RunLog.about(LOG.atWarn(), run.subject()).setCause(e).log("A run could not be taken up yet");
      return;
    }
    if (!inFlight.add(execution)) { // told late of a run that was found as lost meanwhile
      inFlight.unreserve(1);
      return;
    }
    listener.on(
        new RunEvent.TakenUp(
            run.subject(), run.epoch(), run.how(), run.interrupted(), clock.instant()));
    if (!open || !lease.isHeld()) {
      endings.letGo().add(run.id());
      release(execution); // close() may have looked before it was there
      return;
    }
    listening.guarded(
        execution,
        () -> launching.execute(() -> listening.guarded(execution, () -> launch(execution))));
  }

  private void launch(Execution execution) {
    execution.deadline().ifPresent(deadline -> limit(execution, deadline));
    deployments.launch(execution);
  }

  /** A deadline that has passed ends the run before anything of it begins. */
  private void limit(Execution execution, Instant deadline) {
    if (deadline.isAfter(clock.instant())) {
      execution.whenFinished(at(deadline, () -> listening.guarded(execution, execution::timeOut)));
    } else {
      execution.timeOut();
    }
  }

  private void tidy() {
    try {
      Set<RunId> ours = journal.carried();
      endings.letGo().retainAll(ours);
      endings.letGo().addAll(lost.look(ours, inFlight::contains));
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("Lost runs could not be looked for; trying again");
    }
  }
}
