package dev.drover.agent;

import dev.drover.agent.Conversation.Reply;
import dev.drover.agent.Preparation.Prepared;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that serves one attempt after the other, of one project. It is not used again after the
 * slightest doubt: it ends when it has served enough, when it was idle for long, after any failure.
 * Belongs to the supervisor's thread.
 */
final class WarmProcess implements Supervised {
  private static final Logger LOG = LoggerFactory.getLogger(WarmProcess.class);
  private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(50);

  /** Within which a process ends that was told that no request will come. */
  private static final long GRACE = TimeUnit.SECONDS.toNanos(2);

  private final WarmKey key;
  private final AgentManifest manifest;
  private final AgentManifest.Warm warm;
  private final LiveProcess live;
  private final LocalExecution execution;
  private final Conversation conversation;
  private final Departure departure;
  private @Nullable WarmAttempt serving;
  private int served;
  private long idleSince;
  private long nextLook;
  private boolean retiring;
  private long endBy = Long.MAX_VALUE;
  private boolean gone;

  /** What becomes of a process that has served an attempt. */
  enum Fate {
    /** It may serve another. */
    KEEP,
    /** It is told to end. */
    RETIRE,
    /** It broke the rules. */
    KILL
  }

  private WarmProcess(WarmAttempt first, LiveProcess live, LocalExecution execution) {
    this.key = first.key();
    this.manifest = first.manifest();
    this.warm = first.warm();
    this.live = live;
    this.execution = execution;
    this.departure = new Departure(live);
    this.conversation = Conversation.with(live.process(), "warm-" + key.agent());
    // Away from the supervisor, as for other attempts.
    var unused = live.process().onExit().thenRunAsync(this::exited, execution.executor());
  }

  /** Starts one for an attempt, on the supervisor's thread. */
  static WarmProcess start(Prepared prepared, WarmAttempt first, LocalExecution execution)
      throws IOException {
    LiveProcess live =
        LiveProcess.start(prepared, execution.leash().hold(), execution.isolation().wraps());
    try {
      return new WarmProcess(first, live, execution);
    } catch (RuntimeException | Error e) { // no thread to be had: nobody would look after it
      live.abandon();
      throw e;
    }
  }

  private void exited() {
    live.hasExited();
    live.tree().killLeftovers();
    live.hold().release();
    execution.supervisor().post(this::hasGone);
  }

  WarmKey key() {
    return key;
  }

  @Override
  public LiveProcess live() {
    return live;
  }

  @Override
  public AgentManifest.Limits limits() {
    return manifest.limits();
  }

  @Override
  public boolean hasEnded() {
    return gone;
  }

  /** Its exit code, if it ended of its own accord. */
  OptionalInt ownExitCode() {
    return departure.hasBegun() ? OptionalInt.empty() : live.exitCode();
  }

  /** Whether it has served an attempt before. */
  boolean isUsed() {
    return served > 0;
  }

  /** Whether it can serve an attempt; one that can't is ended. */
  boolean isFit() {
    String doubt = doubt();
    if (doubt != null) {
      discard(doubt);
    }
    return doubt == null && !retiring && !departure.hasBegun();
  }

  /** Nobody reads its stdout while it is idle, so that it may be looked at. */
  private @Nullable String doubt() {
    live.stderr().drop(); // nobody's
    if (!live.process().isAlive()) {
      return "it has ended";
    } else if (live.hold().hasLapsed()) {
      return "the server's lease ran out";
    }
    return live.stdout().available() > 0 ? "it wrote to stdout without being asked" : null;
  }

  /**
   * Serves an attempt.
   *
   * @param told gets the reply on the supervisor's thread
   */
  void serve(WarmAttempt attempt, byte[] request, long longest, Consumer<Reply> told) {
    serving = attempt;
    served++;
    conversation.ask(
        request, longest, reply -> execution.supervisor().post(() -> told.accept(reply)));
  }

  /** The attempt needs it no more. */
  void release(Fate fate) {
    serving = null;
    idleSince = System.nanoTime();
    if (gone) {
      live.closePipes();
    } else if (fate == Fate.KILL) {
      discard("it did not keep to the protocol, or its log could not be taken");
    } else if (fate == Fate.RETIRE || retiring || served >= warm.attempts()) {
      retire();
    } else {
      execution.warm().rest(this);
    }
  }

  @Override
  public Pumped tick(long now, byte[] buffer) {
    if (gone || now < nextLook) {
      return Pumped.NOTHING;
    }
    nextLook = now + LOOK_EVERY;
    if (serving == null
        && !retiring
        && !departure.hasBegun()
        && isFit()
        && now - idleSince > warm.idle().toNanos()) {
      retire();
    }
    if (now > endBy) {
      end(Stop.asked("it is replaced"));
    }
    if (departure.escalate(now) || departure.isUntold(now)) {
      hasGone();
    }
    return Pumped.NOTHING;
  }

  /** Lets it end; not before it has served its attempt. */
  void retire() {
    retiring = true;
    execution.warm().remove(this);
    if (serving == null) {
      conversation.close();
      awaitEnd();
    }
  }

  /** Expects it to end by itself, which it has begun to do. */
  void awaitEnd() {
    endBy = System.nanoTime() + GRACE;
  }

  /** Ends it, whether it serves or not. */
  void end(Stop why) {
    execution.warm().remove(this);
    if (!departure.hasBegun() && !gone) {
      departure.begin(why);
    }
  }

  private void discard(String reason) {
    if (!departure.hasBegun() && !gone) {
      LOG.atWarn()
          .addKeyValue("agent", key.agent())
          .addKeyValue("reason", reason)
          .log("A warm process is not used again");
      end(Stop.broken(FailureType.PROTOCOL, reason));
    }
  }

  @Override
  public void stop(FailureType type, String message) {
    if (serving != null) {
      serving.stop(type, message);
    } else {
      discard(message);
    }
  }

  @Override
  public void stop(String reason) {
    if (serving == null) {
      end(Stop.asked(reason));
    }
  }

  private void hasGone() {
    if (gone) {
      return;
    }
    gone = true;
    execution.warm().gone(this);
    conversation.close();
    WarmAttempt last = serving;
    if (last != null) { // the kernel may have ended it between two looks
      live.bounds().breach().ifPresent(b -> last.stop(b.type(), b.message()));
      last.processGone();
    } else {
      live.closePipes();
    }
    live.bounds().release();
  }
}
