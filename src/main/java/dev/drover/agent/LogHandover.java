package dev.drover.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands an attempt's lines to its sink, and counts those that the sink has not acknowledged, so
 * that whoever reads the agent's stderr knows when to stop for a while. Lines are added by one
 * thread at a time.
 */
final class LogHandover {
  /** Lines that may be unacknowledged; an unfinished line and the mark of a cut may come on top. */
  static final int MOST_LINES = 1_000;

  /** Characters that may be unacknowledged, with the line that goes beyond. */
  static final int MOST_CHARS = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(LogHandover.class);

  private final LogSink sink;
  private final Executor callbacks;
  private final Runnable onRoom;
  private final AtomicInteger openLines = new AtomicInteger();
  private final AtomicLong openChars = new AtomicLong();
  private volatile long lastProgress = System.nanoTime();
  private List<LogLine> batch = new ArrayList<>();

  /**
   * Nothing is handed over yet.
   *
   * @param callbacks where the sink is called; it keeps the order
   * @param onRoom told when there is room after there was none
   */
  LogHandover(LogSink sink, Executor callbacks, Runnable onRoom) {
    this.sink = sink;
    this.callbacks = callbacks;
    this.onRoom = onRoom;
  }

  /** Whether no more should be added until the sink has acknowledged some. */
  boolean isFull() {
    return openLines.get() >= MOST_LINES || openChars.get() >= MOST_CHARS;
  }

  void add(LogLine line) {
    batch.add(line);
    openLines.incrementAndGet();
    openChars.addAndGet(line.text().length());
  }

  /** Hands over what was added. */
  void flush() {
    if (!batch.isEmpty()) {
      List<LogLine> lines = List.copyOf(batch);
      batch = new ArrayList<>();
      callbacks.execute(() -> tell(lines));
    }
  }

  /** When the sink last acknowledged something, by {@link System#nanoTime()}. */
  long lastProgress() {
    return lastProgress;
  }

  private void tell(List<LogLine> lines) {
    int count = lines.size();
    long chars = lines.stream().mapToLong(line -> line.text().length()).sum();
    try {
      var unused = sink.accept(lines).whenComplete((done, fault) -> acknowledge(count, chars));
    } catch (RuntimeException | Error e) { // the attempt goes on without these lines
      LOG.atError().setCause(e).log("A listener of an attempt's log failed");
      acknowledge(count, chars);
    }
  }

  private void acknowledge(int count, long chars) {
    boolean wasFull = isFull();
    openLines.addAndGet(-count);
    openChars.addAndGet(-chars);
    lastProgress = System.nanoTime();
    if (wasFull) {
      onRoom.run();
    }
  }
}
