package dev.drover.agent;

import dev.drover.agent.LiveProcess.Pumped;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks after all running attempts of a runtime: it starts them, reads their
 * pipes, keeps their bounds. It waits for nothing, so however many attempts run, no other thread is
 * held.
 */
final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final long SHORTEST_NAP = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long CLOSING_SECONDS = 15;

  private final int maxConcurrent;
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final FairQueue<String, LocalAttempt> waiting = new FairQueue<>();
  private final List<LocalAttempt> admitted = new ArrayList<>();
  private final ResourceWatch watch = new ResourceWatch();
  private final byte[] buffer = new byte[64 << 10];
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean terminated;

  Supervisor(int maxConcurrent) {
    this.maxConcurrent = maxConcurrent;
    this.thread = new Thread(this::run, "agent-supervisor");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an attempt; it gets its turn in order, and its share takes turns with others. */
  void submit(LocalAttempt attempt) {
    post(
        () -> {
          if (closed) {
            attempt.stop("the server is shutting down");
            attempt.settleUnstarted();
          } else {
            waiting.add(attempt.share(), attempt);
          }
        });
  }

  void cancel(LocalAttempt attempt, String reason) {
    post(
        () -> {
          attempt.stop(reason);
          if (waiting.remove(attempt.share(), attempt)) {
            attempt.settleUnstarted();
          }
        });
  }

  /** Has something done on the supervisor's thread. */
  void post(Runnable message) {
    mailbox.add(message);
    if (terminated) {
      deliver(); // nobody else will: the sender's own thread does it
    } else {
      LockSupport.unpark(thread);
    }
  }

  /** Has it look again soon. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Cancels everything and waits until it has ended, within bounds. */
  void close() {
    closed = true;
    post(() -> admitted.forEach(attempt -> attempt.stop("the server is shutting down")));
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long nap = SHORTEST_NAP;
    while (!closed || !admitted.isEmpty() || !mailbox.isEmpty() || !waiting.isEmpty()) {
      Pumped flow = Pumped.NOTHING;
      try {
        flow = round();
      } catch (RuntimeException | Error e) { // without it no agent would ever end
        LOG.atError().setCause(e).log("The supervisor of agents met a fault and goes on");
      }
      nap = flow == Pumped.NOTHING ? Math.min(nap * 2, LONGEST_NAP) : SHORTEST_NAP;
      if (flow.compareTo(Pumped.FLOOD) <= 0 && mailbox.isEmpty()) {
        rest(nap);
      }
    }
    terminated = true;
    deliver();
  }

  private synchronized boolean deliver() {
    boolean any = false;
    for (Runnable message = mailbox.poll(); message != null; message = mailbox.poll()) {
      message.run();
      any = true;
    }
    return any;
  }

  private void rest(long nap) {
    if (admitted.isEmpty() && waiting.isEmpty()) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nap);
    }
  }

  private Pumped round() {
    Pumped flow = deliver() ? Pumped.DATA : Pumped.NOTHING;
    if (closed) {
      drop();
    }
    long now = System.nanoTime();
    for (LocalAttempt attempt : admitted) {
      Pumped pumped = tick(attempt, now);
      flow = pumped.compareTo(flow) > 0 ? pumped : flow;
    }
    admitted.removeIf(LocalAttempt::hasEnded);
    watch.look(now, admitted);
    while (admitted.size() < maxConcurrent && !waiting.isEmpty()) {
      waiting.poll().ifPresent(this::admit);
    }
    return flow;
  }

  private void admit(LocalAttempt attempt) {
    admitted.add(attempt);
    attempt.admit();
  }

  private Pumped tick(LocalAttempt attempt, long now) {
    try {
      return attempt.tick(now, buffer);
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("An attempt could not be looked after and is stopped");
      attempt.stop(FailureType.INTERNAL, "could not be supervised: " + e);
      return Pumped.NOTHING;
    }
  }

  private void drop() {
    waiting.drainTo(
        attempt -> {
          attempt.stop("the server is shutting down");
          attempt.settleUnstarted();
        });
    admitted.forEach(attempt -> attempt.stop("the server is shutting down"));
  }
}
