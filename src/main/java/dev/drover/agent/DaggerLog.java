package dev.drover.agent;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The log of an attempt in a container: what comes live, and at the end what has not come live. An
 * engine can't be slowed by a sink that is slow, so what waits is kept, up to the log's limit. Used
 * by one thread at a time.
 */
final class DaggerLog {
  /** Enough beyond the limit to see that there is more, and for the last lines of it. */
  private static final int BEYOND = 4 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration IN_HASTE = Duration.ofSeconds(2);

  private final LogHandover lines;
  private final LogStream stream;
  private final long most;
  private byte[] bytes = new byte[4 << 10];
  private int length;
  private int taken;
  private boolean ended;

  DaggerLog(LogHandover lines, long limit, SecretMask mask, Clock clock) {
    this.lines = lines;
    this.stream = new LogStream(limit, mask, clock, lines);
    this.most = Math.min(limit, 1L << 30) + BEYOND;
  }

  /** A piece has come. */
  void live(String piece) {
    if (!ended) {
      append(piece.getBytes(StandardCharsets.UTF_8));
      pump();
    }
  }

  /** The program has ended, and this is what it wrote, or the last part of it. */
  void told(String stderr, boolean whole) {
    byte[] told = stderr.getBytes(StandardCharsets.UTF_8);
    if (length < most) {
      append(StderrRest.of(Arrays.copyOf(bytes, length), told, whole));
    }
    if (length >= most) { // cut: of what is beyond, only the last lines are of interest
      int from = Math.max(0, told.length - BEYOND);
      bytes = Arrays.copyOf(bytes, length + told.length - from);
      System.arraycopy(told, from, bytes, length, told.length - from);
      length = bytes.length;
    }
    pump();
  }

  private void append(byte[] piece) {
    int room = (int) Math.min(piece.length, most - length);
    if (length + room > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + room, (int) Math.min(most, 2L * length)));
    }
    System.arraycopy(piece, 0, bytes, length, room);
    length += room;
  }

  /** Hands over what there is room for; whether that was everything. */
  boolean pump() {
    if (ended) {
      return true;
    }
    taken = stream.accept(bytes, taken, length);
    lines.flush();
    return taken == length;
  }

  /** Whether the sink has taken nothing for so long that it is not waited for any more. */
  boolean isStuck(boolean hurry) {
    long still = System.nanoTime() - lines.lastProgress();
    return still > (hurry ? IN_HASTE : PATIENCE).toNanos();
  }

  /** Nothing more comes: an unfinished line is one too. */
  void end(boolean givenUp) {
    ended = true;
    if (givenUp) {
      stream.giveUp();
    } else {
      stream.end();
    }
    lines.flush();
  }

  List<String> tail() {
    return stream.tail();
  }
}
