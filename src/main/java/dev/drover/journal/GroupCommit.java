package dev.drover.journal;

import dev.drover.run.Journal.NotStorable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of the journal: whatever has come in while one transaction was being committed
 * is written by the next. So a node waits for at most two commits, and many runs share one.
 *
 * <p>An entry that the database refuses is set apart from the others of its transaction, which are
 * written without it. While the database is away, entries wait for it, up to the given patience;
 * only opening a run fails at once, because there somebody waits for the answer.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final int MAX_BATCH = 1_000;
  private static final long MAX_CHARACTERS = 16 << 20;
  private static final Duration RETRY_EVERY = Duration.ofMillis(250);

  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final Function<List<Entry>, List<Runnable>> transaction;
  private final Executor callbacks;
  private final Duration patience;
  private final Thread writer;
  private volatile boolean closed;
  private volatile boolean ended;
  private volatile boolean behind;

  /**
   * @param transaction writes all entries or none; gives what is to be told when they are durable
   * @param callbacks where those who wait are told: never on the writer's own thread
   */
  GroupCommit(
      Function<List<Entry>, List<Runnable>> transaction, Executor callbacks, Duration patience) {
    this.transaction = transaction;
    this.callbacks = callbacks;
    this.patience = patience;
    this.writer = new Thread(this::run, "journal-writer");
    writer.setDaemon(true);
  }

  void start() {
    writer.start();
  }

  /** Adds an entry to the next transaction. */
  void add(Entry entry) {
    if (closed) {
      fail(entry, closing());
      return;
    }
    queue.add(entry);
    if (ended && queue.remove(entry)) {
      fail(entry, closing()); // the writer had looked for the last time
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
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.interrupt();
  }

  private void run() {
    List<Entry> batch = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        Entry first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        fill(batch, first);
        write(List.copyOf(batch));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failAll(batch, closing());
        break;
      } catch (RuntimeException | Error e) {
        LOG.atError().setCause(e).log("The journal's writer failed on a batch");
        failAll(batch, e);
      } finally {
        batch.clear();
      }
    }
    ended = true;
    List<Entry> rest = new ArrayList<>();
    queue.drainTo(rest);
    failAll(rest, closing());
  }

  /** What one transaction may carry: PostgreSQL takes no message beyond 1 GB. */
  private void fill(List<Entry> batch, Entry first) {
    long size = 0;
    for (Entry next = first; next != null; next = mayTake(batch, size) ? queue.poll() : null) {
      batch.add(next);
      size += next.size();
    }
  }

  private static boolean mayTake(List<Entry> batch, long size) {
    return batch.size() < MAX_BATCH && size < MAX_CHARACTERS;
  }

  private static IllegalStateException closing() {
    return new IllegalStateException("the journal is closed");
  }

  private void write(List<Entry> batch) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Entry> entries = batch;
    while (!entries.isEmpty()) {
      try {
        List<Runnable> news = transaction.apply(entries);
        behind = false;
        news.forEach(this::tell);
        return;
      } catch (RuntimeException e) {
        if (isRefusal(e)) {
          setApart(entries, e);
          return;
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
  }

  /** One of the entries is at fault: halves are written by themselves until it stands alone. */
  private void setApart(List<Entry> entries, RuntimeException refusal) throws InterruptedException {
    if (entries.size() == 1) {
      fail(entries.get(0), new NotStorable(refusal));
      return;
    }
    int half = entries.size() / 2;
    write(entries.subList(0, half));
    write(entries.subList(half, entries.size()));
  }

  /** Those that come in meanwhile must not wait either. */
  private List<Entry> failOpens(List<Entry> entries, RuntimeException e) {
    Set<Entry> opens = Collections.newSetFromMap(new IdentityHashMap<>());
    Stream.concat(entries.stream(), queue.stream())
        .filter(Entry.Open.class::isInstance)
        .forEach(opens::add);
    queue.removeAll(opens);
    opens.forEach(entry -> fail(entry, e));
    return entries.stream().filter(entry -> !(entry instanceof Entry.Open)).toList();
  }

  private List<Entry> failAll(List<Entry> entries, Throwable e) {
    entries.forEach(entry -> fail(entry, e));
    return List.of();
  }

  private void fail(Entry entry, Throwable cause) {
    tell(() -> entry.future().completeExceptionally(cause));
  }

  private void tell(Runnable news) {
    try {
      callbacks.execute(news);
    } catch (RejectedExecutionException e) {
      ForkJoinPool.commonPool().execute(news); // stopping; who waits must hear of it all the same
    } catch (OutOfMemoryError e) {
      news.run(); // no thread to be had: late is better than never
    }
  }

  /**
   * SQL states of classes 21-23, 42 and 54: the statement or its data, not the connection. What the
   * database was never asked is not its absence either.
   */
  private static boolean isRefusal(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        String state = sql.getSQLState();
        return state != null && state.matches("(21|22|23|42|54).*");
      }
    }
    return true;
  }
}
