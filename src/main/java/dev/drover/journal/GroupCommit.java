package dev.drover.journal;

import dev.drover.run.Journal;
import dev.drover.run.Journal.NotStorable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer of the journal that groups what comes in: whatever has come in while one transaction was
 * being committed is written by the next. So a node waits for at most two commits, and many runs
 * share one.
 *
 * <p>An entry that the database refuses is set apart from the others of its transaction, which are
 * written without it. While the database is away, entries wait for it, up to the given patience;
 * only opening a run fails at once, because there somebody waits for the answer.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final Duration RETRY_EVERY = Duration.ofMillis(250);
  private static final EntryQueue.Bounds BOUNDS =
      new EntryQueue.Bounds(20_000, 64L << 20, 16L << 20);

  /** One writes while the other tells. */
  private static final int WRITERS = 2;

  /** So few news are told by the writer itself: cheaper and sooner than by waking others. */
  private static final int FEW = 2;

  /** So many threads tell the news of one transaction. */
  private static final int TELLERS = 4;

  /** The writer waits for what those write next whom it has just told: this part of its work. */
  private static final int LINGER = 4;

  private static final long MOST_LINGER = TimeUnit.MILLISECONDS.toNanos(5);

  private final EntryQueue queue;
  private final Function<List<Entry>, List<Runnable>> transaction;
  private final Executor callbacks;
  private final Duration patience;
  private final WriterListener listener;
  private final List<Thread> writers = new ArrayList<>();
  private volatile boolean closed;
  private volatile boolean behind;

  /**
   * @param transaction writes all entries or none; gives what is to be told when they are durable
   * @param callbacks where those who wait are told if they are many
   */
  GroupCommit(
      Function<List<Entry>, List<Runnable>> transaction,
      Executor callbacks,
      Duration patience,
      WriterListener listener) {
    this("journal-writer", transaction, callbacks, patience, BOUNDS, listener);
  }

  /**
   * @param name of its threads
   */
  GroupCommit(
      String name,
      Function<List<Entry>, List<Runnable>> transaction,
      Executor callbacks,
      Duration patience,
      EntryQueue.Bounds bounds,
      WriterListener listener) {
    this.listener = listener;
    this.transaction = transaction;
    this.callbacks = callbacks;
    this.patience = patience;
    this.queue = new EntryQueue(bounds);
    for (int i = 1; i <= WRITERS; i++) {
      Thread writer = new Thread(this::run, name + "-" + i);
      writer.setDaemon(true);
      writers.add(writer);
    }
  }

  void start() {
    writers.forEach(Thread::start);
  }

  /** Adds an entry to the next transaction; a run to be opened is refused if too much waits. */
  void add(Entry entry) {
    switch (queue.add(entry)) {
      case WAITS -> {}
      case NO_ROOM ->
          entry
              .future()
              .completeExceptionally(
                  new Journal.Overloaded("too much waits to be written to the journal"));
      case CLOSED -> entry.future().completeExceptionally(closing());
    }
  }

  /** Entries that wait now. */
  int waiting() {
    return queue.size();
  }

  /** Whether what waits can't be written at present. */
  boolean isBehind() {
    return behind;
  }

  /** Writes what waits, then stops. */
  @Override
  public void close() {
    closed = true;
    queue.close();
    try {
      for (Thread writer : writers) {
        writer.join(TimeUnit.SECONDS.toMillis(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writers.forEach(Thread::interrupt);
    failAll(queue.removeAll(), closing());
  }

  private void run() {
    try {
      for (List<Entry> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
        long begin = System.nanoTime();
        List<Runnable> news = attempt(batch);
        long took = System.nanoTime() - begin;
        if (news.size() <= FEW && queue.yieldTurn()) {
          news.forEach(GroupCommit::tellNow);
        } else {
          boolean unused =
              tell(news).await(Math.min(took / LINGER, MOST_LINGER), TimeUnit.NANOSECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Runnable> attempt(List<Entry> batch) throws InterruptedException {
    try {
      return write(batch);
    } catch (InterruptedException e) {
      failAll(batch, closing());
      throw e;
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("The journal's writer failed on a batch");
      failAll(batch, e);
      return List.of();
    }
  }

  private static IllegalStateException closing() {
    return new IllegalStateException("the journal is closed");
  }

  private List<Runnable> write(List<Entry> batch) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Entry> entries = batch;
    while (!entries.isEmpty()) {
      try {
        List<Runnable> news = timed(entries);
        behind = false;
        return news;
      } catch (RuntimeException e) {
        tellNow(listener::failed);
        if (isRefusal(e)) {
          behind = false; // the database is there, and says no
          setApart(entries, e);
          return List.of();
        }
        behind = true;
        boolean last = closed || System.nanoTime() > deadline;
        entries = last ? failAll(entries, e) : failOpens(entries, e);
        LOG.atWarn()
            .addKeyValue("entries", entries.size())
            .setCause(e)
            .log(
                last
                    ? "The journal can't be written"
                    : "The journal can't be written; trying again");
        Thread.sleep(RETRY_EVERY.toMillis());
      }
    }
    behind = false; // nothing waits any more
    return List.of();
  }

  private List<Runnable> timed(List<Entry> entries) {
    long begin = System.nanoTime();
    List<Runnable> news = transaction.apply(entries);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    tellNow(() -> measured(entries, took));
    return news;
  }

  private void measured(List<Entry> entries, Duration took) {
    listener.committed(entries.size(), took);
    for (Entry entry : entries) {
      if (entry.future() instanceof Awaited<?> awaited) {
        listener.durable(awaited.age());
      }
    }
  }

  /** One of the entries is at fault: halves are written by themselves until it stands alone. */
  private void setApart(List<Entry> entries, RuntimeException refusal) throws InterruptedException {
    if (entries.size() == 1) {
      failAll(entries, new NotStorable(refusal));
      return;
    }
    int half = entries.size() / 2;
    for (List<Entry> part :
        List.of(entries.subList(0, half), entries.subList(half, entries.size()))) {
      CountDownLatch unused = tell(write(part));
    }
  }

  /** Those that come in meanwhile must not wait either. */
  private List<Entry> failOpens(List<Entry> entries, RuntimeException e) {
    failAll(queue.removeOpens(), e);
    failAll(entries.stream().filter(Entry.Open.class::isInstance).toList(), e);
    return entries.stream().filter(entry -> !(entry instanceof Entry.Open)).toList();
  }

  private List<Entry> failAll(List<Entry> entries, Throwable e) {
    CountDownLatch unused =
        tell(
            entries.stream()
                .<Runnable>map(entry -> () -> entry.future().completeExceptionally(e))
                .toList());
    return List.of();
  }

  /**
   * Few threads tell many news: waking one costs more than to tell most of them.
   *
   * @return is zero when all are told
   */
  private CountDownLatch tell(List<Runnable> news) {
    CountDownLatch all = new CountDownLatch(news.size());
    Queue<Runnable> untold = new ConcurrentLinkedQueue<>(news);
    for (int i = 0; i < Math.min(TELLERS, news.size()); i++) {
      tellElsewhere(untold, all);
    }
    return all;
  }

  private void tellElsewhere(Queue<Runnable> untold, CountDownLatch all) {
    Runnable telling =
        () -> {
          for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
            tellNow(next);
            all.countDown();
          }
        };
    try {
      callbacks.execute(telling);
    } catch (RejectedExecutionException e) {
      ForkJoinPool.commonPool()
          .execute(telling); // stopping; who waits must hear of it all the same
    } catch (OutOfMemoryError e) {
      telling.run(); // no thread to be had: late is better than never
    }
  }

  /** What one of them throws is not for the others to suffer. */
  private static void tellNow(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("Somebody who waited for the journal failed on its news");
    }
  }

  /**
   * SQL states of classes 21-23, 42 and 54: the statement or its data, not the connection. What the
   * database was never asked is not its absence either.
   */
  static boolean isRefusal(Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        String state = sql.getSQLState();
        return state != null && state.matches("(21|22|23|42|54).*");
      }
    }
    return true;
  }
}
