package dev.drover.agent;

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

  /** Where there are only warm processes with nothing to do. */
  private static final long IDLE_NAP = TimeUnit.MILLISECONDS.toNanos(250);

  private static final String CLOSING = "the server is shutting down";
  private static final long CLOSING_SECONDS = 15;

  private final int maxConcurrent;
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final FairQueue<String, Placed> waiting = new FairQueue<>();
  private final List<Placed> admitted = new ArrayList<>();

  /** What takes no place: warm processes, whether they serve an attempt or not. */
  private final List<Supervised> background = new ArrayList<>();

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
  void submit(Placed attempt) {
    post(
        () -> {
          if (closed) {
            attempt.stop(CLOSING);
            attempt.settleUnstarted();
          } else {
            waiting.add(attempt.share(), attempt);
          }
        });
  }

  /** Looks after something that takes no place. To be called on the supervisor's thread. */
  void keep(Supervised process) {
    background.add(process);
    if (closed) {
      process.stop(CLOSING);
    }
  }

  void cancel(Placed attempt, String reason) {
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
    post(() -> all().forEach(each -> each.stop(CLOSING)));
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long nap = SHORTEST_NAP;
    while (!closed || !isIdle() || !background.isEmpty() || !mailbox.isEmpty()) {
      Pumped flow = Pumped.NOTHING;
      try {
        flow = round();
      } catch (RuntimeException | Error e) { // without it no agent would ever end
        LOG.atError().setCause(e).log("The supervisor of agents met a fault and goes on");
      }
      nap = flow == Pumped.NOTHING ? Math.min(nap * 2, LONGEST_NAP) : SHORTEST_NAP;
      if (mailbox.isEmpty()) {
        rest(nap); // where much flows, too: pipes hold more than comes in meanwhile
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

  private boolean isIdle() {
    return admitted.isEmpty() && waiting.isEmpty();
  }

  private void rest(long nap) {
    if (!isIdle() || closed) { // closed: nobody wakes it any more
      LockSupport.parkNanos(this, nap);
    } else if (!background.isEmpty()) {
      LockSupport.parkNanos(this, IDLE_NAP);
    } else {
      LockSupport.park(this);
    }
  }

  private Pumped round() {
    Pumped flow = deliver() ? Pumped.DATA : Pumped.NOTHING;
    if (closed) {
      drop();
    }
    long now = System.nanoTime();
    for (Supervised each : all()) {
      Pumped pumped = tick(each, now);
      flow = pumped.compareTo(flow) > 0 ? pumped : flow;
    }
    admitted.removeIf(Supervised::hasEnded);
    background.removeIf(Supervised::hasEnded);
    if (watch.isDue(now)) {
      watch.look(now, all());
    }
    while (admitted.size() < maxConcurrent && !waiting.isEmpty()) {
      waiting.poll().ifPresent(this::admit);
    }
    return flow;
  }

  private List<Supervised> all() {
    List<Supervised> all = new ArrayList<>(admitted);
    all.addAll(background);
    return all;
  }

  private void admit(Placed attempt) {
    admitted.add(attempt);
    attempt.admit();
  }

  private Pumped tick(Supervised attempt, long now) {
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
          attempt.stop(CLOSING);
          attempt.settleUnstarted();
        });
    all().forEach(each -> each.stop(CLOSING));
  }
}
