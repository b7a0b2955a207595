package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.yaml.DurationText;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run while this server carries it forward: what it was opened with, and the outcomes so far. It
 * is derived from the journal and can be dropped at any moment; the journal is the truth.
 */
public final class Execution {
  private final LiveRun run;
  private final DeployedWorkflow deployed;
  private final Carrier carrier;
  private final Outcomes outcomes;
  private final Stops stops = new Stops();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Set<NodeId> begun;
  private final Activity activity;
  private volatile @Nullable Ended ended;

  /** Takes a run up where the journal says it is. */
  public Execution(LiveRun run, DeployedWorkflow deployed, Carrier carrier) {
    this.carrier = carrier;
    this.run = run;
    this.deployed = deployed;
    this.outcomes = new Outcomes(run, deployed.workflow());
    this.begun =
        run.past().attempts().keySet().stream()
            .map(NodeItem::node)
            .collect(Collectors.toUnmodifiableSet());
    this.activity = new Activity(deployed.workflow().graph(), outcomes.nodes().keySet());
    run.past().signals().stream()
        .filter(signal -> signal.kind() == Signal.Kind.CANCEL)
        .forEach(signal -> stops.stop(RunStop.cancelled(signal.data())));
  }

  /** The run's id. */
  public RunId id() {
    return run.id();
  }

  /** As those see it who hear of it. */
  public RunEvent.Subject subject() {
    return run.subject();
  }

  /** The epoch of this take-up; writes of an older one are refused. */
  public int epoch() {
    return run.epoch();
  }

  /** Identifies the take-up: what joins are keyed by. */
  public String key() {
    return run.id() + ":" + run.epoch();
  }

  /** The workflow's version. */
  public DeployedWorkflow deployed() {
    return deployed;
  }

  /** When the run first started. */
  public Instant startedAt() {
    return run.startedAt();
  }

  /** How many runs are above it. */
  public int depth() {
    return run.depth();
  }

  /** What opened it, as expressions see it. */
  public Map<String, Object> trigger() {
    return run.trigger();
  }

  /** What it was given. */
  public Map<String, Object> inputs() {
    return run.inputs();
  }

  /** When its timeout ends it, if it has one. */
  Optional<Instant> deadline() {
    return run.deadline(deployed.workflow().timeout());
  }

  /** Who carries the run. */
  public Carrier carrier() {
    return carrier;
  }

  /** What has become of its nodes so far. */
  public Outcomes outcomes() {
    return outcomes;
  }

  /** How many attempts were started before this take-up. */
  public int attemptsBefore(NodeItem item) {
    return run.past().attempts().getOrDefault(item, 0);
  }

  /** When it began, if it had begun before this take-up; a node began with its first item. */
  public Optional<Instant> begunBefore(NodeItem item) {
    Map<NodeItem, Instant> begunAt = run.past().begun();
    return item.isWhole()
        ? begunAt.entrySet().stream()
            .filter(e -> e.getKey().node().equals(item.node()) && !e.getKey().isUndo())
            .map(Map.Entry::getValue)
            .min(Comparator.naturalOrder())
        : Optional.ofNullable(begunAt.get(item));
  }

  /** Whether it was running when the run was last left. */
  public boolean isInterrupted(NodeItem item) {
    return run.past().interrupted().contains(item);
  }

  /** What it was waiting for when the run was last left. */
  public Optional<Wait> waitOf(NodeItem item) {
    return Optional.ofNullable(run.past().waits().get(item));
  }

  /** Whether the node, or any item of it, had begun when the run was last left. */
  public boolean hasBegun(NodeId node) {
    return begun.contains(node);
  }

  /** What the item was told while nobody carried the run. */
  private Optional<Signal> signalFor(NodeItem item, Wait wait) {
    return run.past().signals().stream()
        .filter(s -> s.node().filter(item.node()::equals).isPresent())
        .filter(s -> s.item().equals(item.item()))
        .filter(wait::isEndedBy)
        .findFirst();
  }

  /**
   * Remembers an outcome that the journal has. Once nothing is busy any more and something waits,
   * the run leaves memory.
   */
  public void settle(NodeItem item, NodeOutcome outcome) {
    stops.forget(item);
    outcomes.add(item, outcome);
    if (item.isUndo()) {
      return;
    }
    if (item.isWhole()) {
      activity.settled(item.node());
    } else {
      activity.leave();
    }
    parkIfIdle();
  }

  /** One more thing of the run is busy. */
  public void enter() {
    activity.enter();
  }

  /** What {@link #enter} counted is not busy any more. */
  public void leave() {
    activity.leave();
    parkIfIdle();
  }

  /**
   * Has a node wait, as the journal says; {@code wake} is called once, or {@code dropped} if the
   * run leaves memory before: then whoever takes it up comes here again.
   */
  public void await(NodeItem item, Wait wait, Consumer<Wakeup> wake, Runnable dropped) {
    if (!activity.await(item, wait, wake, dropped)) {
      dropped.run();
      return;
    }
    Optional<Wakeup> known = known(item, wait);
    if (known.isPresent()) {
      wake(item, w -> w == wait, known.get());
    } else {
      activity.timer(item, timer(item, wait));
    }
    parkIfIdle();
  }

  /** Why the wait is over already, if it is: what came first, comes before the time. */
  private Optional<Wakeup> known(NodeItem item, Wait wait) {
    return stopping()
        .<Wakeup>map(Wakeup.Stopped::new)
        .or(() -> signalFor(item, wait).map(Wakeup.Told::new));
  }

  private Runnable timer(NodeItem item, Wait wait) {
    Runnable due = () -> wake(item, w -> w == wait, new Wakeup.Due());
    return wait.until()
        .map(
            time ->
                wait instanceof Wait.Approval
                    ? carrier.atLast(this, time, due)
                    : carrier.at(time, due))
        .orElse(() -> {});
  }

  private void wake(NodeItem item, Predicate<Wait> isOver, Wakeup why) {
    activity.wake(item, isOver).ifPresent(wake -> wake.accept(why));
  }

  private void parkIfIdle() {
    if (stopping().isEmpty() && isLive() && activity.park(carrier::isShort)) {
      carrier.park(this);
    }
  }

  /** What its nodes wait for now. */
  Map<NodeItem, Wait> waits() {
    return activity.waits();
  }

  /** Hears a signal; one that it has heard before changes nothing. */
  void tell(Signal signal) {
    if (signal.kind() == Signal.Kind.CANCEL) {
      stop(RunStop.cancelled(signal.data()));
    } else {
      signal
          .node()
          .ifPresent(
              node ->
                  wake(
                      new NodeItem(node, signal.item()),
                      wait -> wait.isEndedBy(signal),
                      new Wakeup.Told(signal)));
    }
  }

  /** Ends the run before its time: what runs is stopped, what waits is woken, no more is begun. */
  void stop(RunStop why) {
    if (stops.stop(why)) {
      activity.waits().keySet().forEach(item -> wake(item, wait -> true, new Wakeup.Stopped(why)));
    }
  }

  /** The run has taken longer than it may. */
  void timeOut() {
    deployed
        .workflow()
        .timeout()
        .ifPresent(timeout -> stop(RunStop.timedOut(DurationText.print(timeout))));
  }

  /** Has something done when the take-up ends. */
  void whenFinished(Runnable task) {
    activity.whenClosed(task);
  }

  /** Why the run is being ended before its time, if it is. */
  public Optional<RunStop> stopping() {
    return stops.why();
  }

  /** Whether it goes on where an earlier take-up left it. */
  public boolean isResumed() {
    return run.isResumed();
  }

  /**
   * How the run ends with this outcome, if it is the last one's and the run succeeds: both can be
   * written at once.
   */
  public Optional<RunEnd> endWith(NodeItem item, NodeOutcome outcome) {
    return !isLive() || stopping().isPresent() ? Optional.empty() : outcomes.endWith(item, outcome);
  }

  /** The run's end is in the journal, or about to be, with its last node's outcome. */
  public void endsWith(RunEnd end, CompletableFuture<Void> written) {
    ended = new Ended(end, written);
  }

  Optional<Ended> ended() {
    return Optional.ofNullable(ended);
  }

  /** How it ended, and when that is durable. */
  record Ended(RunEnd end, CompletableFuture<Void> written) {}

  /** How the run would end as its nodes are settled now. */
  public RunEnd end() {
    Ended known = ended;
    return known != null ? known.end : outcomes.end(stopping());
  }

  /** Whether something new may be begun: tokens mean something, and the lease is held. */
  public boolean mayStart() {
    return isLive() && carrier.holdsLease();
  }

  /** Whether tokens of this take-up still mean anything. */
  public boolean isLive() {
    return !over.get();
  }

  /** Claims the right to write the run's end; true for one caller, and none once it is over. */
  boolean beginEnd() {
    return isLive() && ending.compareAndSet(false, true);
  }

  /**
   * Has what an item set going stopped when the run is, or the take-up ends before it is settled.
   * An undoing goes on while the run is being stopped: it is part of that.
   */
  public void whenStopped(NodeItem item, Consumer<String> stopper) {
    stops.whenStopped(item, stopper, over::get);
  }

  /** Ends the take-up; true for the one caller that ended it. */
  boolean finish() {
    boolean first = over.compareAndSet(false, true);
    if (first) {
      stops.leave();
      activity.close();
    }
    return first;
  }
}
