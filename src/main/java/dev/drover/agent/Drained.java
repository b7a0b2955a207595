package dev.drover.agent;

/** What is read to its end by a {@link Drain}. */
interface Drained {
  /** Reads what is there, at most a buffer of each pipe, and never waits. */
  Pumped pump(byte[] buffer);

  /** Whether there is more of the log than there is room for. */
  boolean isHeldUp();

  /** What was read so far. */
  long bytesRead();

  /** When the sink last acknowledged lines, by {@link System#nanoTime()}. */
  long lastProgress();
}
