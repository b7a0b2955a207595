package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that agents do not outlive their server's right to run them: another server starts
 * their attempts again when the lease has run out. A server that stands still can stop nothing, and
 * a dead one neither, so a {@link Watchdog} does it. Nothing happens before the first renewal.
 */
final class Leash implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leash.class);
  private static final int MOST_MESSAGES = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration CLOSING = Duration.ofSeconds(1);

  /** Clocks differ a little: who was killed must never look as if it had not been. */
  private static final Duration SLACK = Duration.ofMillis(200);

  private final Duration limit;
  private final Optional<Path> bash = CommandLine.onPath("bash");
  private final AtomicBoolean warned = new AtomicBoolean();
  private final ThreadPoolExecutor thread;
  private final Map<Long, Hold> holds = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private volatile @Nullable Watchdog watchdog;
  private volatile boolean closed;
  private boolean armed;
  private long renewedAt;
  private long lapses;

  /** What the watchdog has not been told of; a newer renewal takes the place of an older one. */
  private @Nullable String untold;

  private long untoldSince;

  /**
   * A leash that does nothing yet.
   *
   * @param limit how long agents may go on after a renewal
   */
  Leash(Duration limit) {
    this.limit = limit;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MOST_MESSAGES),
            work -> {
              Thread daemon = new Thread(work, "agent-leash");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /** The lease was renewed, having been asked for at {@code askedAt}. Never waits. */
  void renewed(long askedAt) {
    if (bash.isEmpty()) {
      if (!warned.getAndSet(true)) {
        LOG.atWarn()
            .log("There is no bash: agents of a server that dies or stands still are not stopped");
      }
      return;
    }
    String uptime = uptime(askedAt);
    boolean stuck;
    boolean first;
    synchronized (this) {
      lapses += hasRunOut() ? 1 : 0;
      renewedAt = armed ? Math.max(renewedAt, askedAt) : askedAt;
      armed = true;
      first = untold == null;
      untoldSince = first ? System.nanoTime() : untoldSince;
      stuck = System.nanoTime() - untoldSince > limit.toNanos();
      untold = uptime;
    }
    if (first) {
      post(this::tellRenewal);
    } else if (stuck) {
      destroyWatchdog(); // it reads no more, and its pipe is full
    }
  }

  private synchronized String newestRenewal() {
    String newest = untold;
    untold = null;
    return newest == null ? "" : newest;
  }

  /** Takes hold of an attempt that is about to be started. */
  Hold hold() {
    synchronized (this) {
      return new Hold(ids.incrementAndGet(), lapses);
    }
  }

  @Override
  public void close() {
    closed = true;
    post(
        () -> {
          Watchdog last = watchdog;
          if (last != null) {
            last.end();
          }
        });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        destroyWatchdog();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasRunOut() {
    return armed && System.nanoTime() - renewedAt > limit.minus(SLACK).toNanos();
  }

  /** Something to be written. */
  private interface Message {
    void send() throws IOException;
  }

  private void post(Message message) {
    try {
      thread.execute(() -> send(message));
    } catch (RejectedExecutionException e) {
      if (!closed) {
        destroyWatchdog(); // it takes nothing any more; the next renewal starts another
      }
    }
  }

  private void send(Message message) {
    try {
      message.send();
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().setCause(e).log("The watchdog of agents can't be told something");
      destroyWatchdog();
    }
  }

  private void destroyWatchdog() {
    Watchdog broken = watchdog;
    if (broken != null) {
      broken.destroy();
    }
  }

  private void tellRenewal() throws IOException {
    String uptime = newestRenewal();
    Watchdog present = watchdog;
    if (closed || (present != null && present.isAlive())) {
      tell("=" + uptime);
      return;
    }
    if (present != null) {
      LOG.atWarn().log("The watchdog of agents has ended and is started again");
    }
    Watchdog fresh = Watchdog.start(bash.orElseThrow(), limit);
    fresh.tell("=" + uptime);
    watchdog = fresh;
    for (Hold hold : holds.values()) {
      hold.register();
    }
  }

  private void tell(String line) throws IOException {
    Watchdog present = watchdog;
    if (present != null && present.isAlive()) {
      present.tell(line);
    }
  }

  /**
   * When the lease was asked for on the watchdog's clock, which goes on while this process stands
   * still; empty where there is none, and then it holds from when the watchdog reads it.
   */
  private static String uptime(long askedAt) {
    try {
      // First the one, then the other: a halt in between makes it too early, never too late.
      String seconds = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
      long ago = (System.nanoTime() - askedAt) / 10_000_000 + 1;
      return String.valueOf(Math.max(0, Long.parseLong(seconds.replace(".", "")) - ago));
    } catch (IOException | NumberFormatException e) {
      return "";
    }
  }

  /** One attempt's place on the leash. */
  final class Hold {
    private final long id;
    private final long lapsesBefore;
    private final List<String> processes = new CopyOnWriteArrayList<>();

    private Hold(long id, long lapsesBefore) {
      this.id = id;
      this.lapsesBefore = lapsesBefore;
    }

    /**
     * The command with a beginning that registers its own process before anything else: this
     * process could be halted or killed before it has come to that.
     */
    List<String> command(List<String> command) {
      Watchdog present = watchdog;
      if (closed || present == null || !present.isAlive()) {
        return command;
      }
      return present.door().map(door -> SelfRegistration.of(door, id, command)).orElse(command);
    }

    /** The attempt's process has been started. */
    void started(long pid) {
      holds.put(id, this);
      add(pid, ProcessTable.start(pid));
    }

    /** The process belongs to the attempt, too, and has left its session. */
    void strayed(long pid, long start) {
      if (holds.containsKey(id)) {
        add(pid, Optional.of(start));
      }
    }

    private void add(long pid, Optional<Long> start) {
      String line = "+" + id + " " + pid + start.map(s -> " " + s).orElse("");
      processes.add(line);
      if (watchdog != null) {
        post(() -> tell(line));
      }
    }

    private void register() throws IOException {
      for (String line : processes) {
        tell(line);
      }
    }

    /** The attempt's processes have ended. */
    void release() {
      if (holds.remove(id) != null && watchdog != null) {
        post(() -> tell("-" + id));
      }
    }

    /** Whether the lease ran out at some moment since: what failed then may have been killed. */
    boolean hasLapsed() {
      synchronized (Leash.this) {
        return lapses != lapsesBefore || hasRunOut();
      }
    }
  }
}
