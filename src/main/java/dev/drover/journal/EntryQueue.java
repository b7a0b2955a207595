package dev.drover.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, and whose turn it is to write it. Threads take turns: while one writes,
 * none other does; one that tells its news itself lets another write meanwhile, but wakes it only
 * for entries that are not of its own making.
 */
final class EntryQueue {
  /** What one transaction may carry: PostgreSQL takes no message beyond 1 GB. */
  private static final int MAX_BATCH = 1_000;

  /** An entry whose writer did not come back for it is looked for after this long. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Bounds bounds;
  private long characters;
  private int idle;
  private boolean closed;
  private @Nullable Thread writer;
  private @Nullable Thread telling;

  EntryQueue(Bounds bounds) {
    this.bounds = bounds;
  }

  /**
   * How much may wait before no more runs are opened, and how much travels at once.
   *
   * @param batch characters of one transaction, with the entry that goes beyond
   */
  record Bounds(int entries, long characters, long batch) {}

  /** What became of an entry that was to be added. */
  enum Added {
    WAITS,
    NO_ROOM,
    CLOSED
  }

  /** Adds an entry. Runs to be opened need room; what happens in runs that are open always fits. */
  Added add(Entry entry) {
    lock.lock();
    try {
      if (closed) {
        return Added.CLOSED;
      }
      if (entry instanceof Entry.Open && isFull()) {
        return Added.NO_ROOM;
      }
      characters += entry.size();
      entries.add(entry);
      if (writer == null && telling != Thread.currentThread()) {
        work.signal();
      }
      return Added.WAITS;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return entries.size() >= bounds.entries || characters >= bounds.characters;
  }

  /** How many entries wait. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the caller's turn back if it has one, and waits for something to write and for the turn
   * to write it.
   *
   * @return empty: closed, and all is written
   */
  List<Entry> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (telling == Thread.currentThread()) {
        telling = null;
      } else if (writer == Thread.currentThread()) {
        writer = null;
      }
      idle++;
      try {
        while (writer != null || isEmpty()) {
          if (closed && isEmpty()) {
            return List.of();
          }
          boolean unused = work.await(LOOK_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
        }
      } finally {
        idle--;
      }
      writer = Thread.currentThread();
      return batch();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the caller's turn back if another thread is there to take it, so that the caller may do
   * something else before it comes back for more.
   */
  boolean yieldTurn() {
    lock.lock();
    try {
      if (idle == 0) {
        return false;
      }
      writer = null;
      telling = Thread.currentThread();
      if (!isEmpty()) {
        work.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out all runs that were to be opened. */
  List<Entry> removeOpens() {
    lock.lock();
    try {
      List<Entry> opens = new ArrayList<>();
      for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
        Entry entry = all.next();
        if (entry instanceof Entry.Open) {
          all.remove();
          opens.add(entry);
          characters -= entry.size();
        }
      }
      return opens;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more is added; what waits is still given out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out all that waits. */
  List<Entry> removeAll() {
    lock.lock();
    try {
      List<Entry> all = new ArrayList<>(entries);
      entries.clear();
      characters = 0;
      return all;
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return entries.isEmpty();
  }

  /** At least one entry, however large it is. */
  private List<Entry> batch() {
    List<Entry> batch = new ArrayList<>();
    long size = 0;
    while (!entries.isEmpty() && batch.size() < MAX_BATCH && size < bounds.batch) {
      Entry next = entries.remove();
      size += next.size();
      batch.add(next);
    }
    characters -= size;
    return batch;
  }
}
