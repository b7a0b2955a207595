package dev.drover.agent;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Turns the bytes of stderr into log lines: bounded in line length and in all, with secrets masked.
 * Not thread-safe.
 */
final class LogStream {
  /** Bytes of a line at the most; a longer one becomes several. */
  static final int MAX_LINE = 16 << 10;

  static final String CONTINUES = " [continues]";
  private static final int TAIL_LINES = 5;
  private static final int TAIL_BYTES = 2 << 10;

  private final long limit;
  private final SecretMask mask;
  private final Clock clock;
  private final LogHandover lines;
  private final byte[] line;
  private int length;
  private long total;
  private int number;
  private boolean cut;
  private boolean full;
  private byte[] afterCut = new byte[0];
  private final Deque<String> tail = new ArrayDeque<>();

  LogStream(long limit, SecretMask mask, Clock clock, LogHandover lines) {
    this.limit = limit;
    this.mask = mask;
    this.clock = clock;
    this.lines = lines;
    this.line = new byte[MAX_LINE + Math.max(4, mask.longest())];
  }

  /**
   * Takes bytes until there is no room for the lines that they make.
   *
   * @return the first that was not taken; {@code to} if all were
   */
  int accept(byte[] bytes, int from, int to) {
    full = lines.isFull();
    int at = from;
    while (at < to && total < limit && !full) {
      byte next = bytes[at++];
      total++;
      if (next == '\n') {
        endLine();
      } else {
        if (length == line.length) {
          breakLine();
        }
        line[length++] = next;
      }
    }
    if (at < to && total >= limit && (cut || !full)) {
      cutAt(bytes, at, to);
      return to;
    }
    return at;
  }

  /** The stream has ended: what stands without a line end is a line too. */
  void end() {
    if (length > 0) {
      endLine();
    }
  }

  /** The stream has not ended, but nobody takes the rest. */
  void giveUp() {
    if (!cut) {
      end();
      cut = true;
      emit("[log cut: the rest could not be taken]");
    }
  }

  /** Whether the limit was reached; what comes now is dropped. */
  boolean isCut() {
    return cut;
  }

  /** Numbers the lines from behind that one on. */
  void continueAfter(int line) {
    number = line;
  }

  /** The last line's. */
  int number() {
    return number;
  }

  /** The last few lines, also of what was dropped. */
  List<String> tail() {
    if (afterCut.length == 0) {
      return List.copyOf(tail);
    }
    String dropped = mask.text(decode(afterCut, afterCut.length));
    List<String> lines = dropped.lines().toList();
    // The first is only the rest of a line, and of a secret perhaps.
    return lines.subList(Math.max(1, lines.size() - TAIL_LINES), Math.max(1, lines.size()));
  }

  private void cutAt(byte[] bytes, int from, int to) {
    if (!cut) {
      end();
      cut = true;
      emit("[log cut at " + ByteSize.print(limit) + "]");
    }
    int kept = Math.min(TAIL_BYTES, to - from);
    int older = Math.min(afterCut.length, TAIL_BYTES - kept);
    byte[] joined = Arrays.copyOfRange(afterCut, afterCut.length - older, afterCut.length + kept);
    System.arraycopy(bytes, to - kept, joined, older, kept);
    afterCut = joined;
  }

  private void breakLine() {
    int at = mask.safeCut(line, length, MAX_LINE);
    while (at > MAX_LINE - 4 && at < length && (line[at] & 0xC0) == 0x80) {
      at--; // not within a character
    }
    String text = decode(line, at);
    System.arraycopy(line, at, line, 0, length - at);
    length -= at;
    emit(mask.text(text) + CONTINUES);
  }

  private void endLine() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    length = 0;
    String text = mask.text(decode(line, end));
    tail.addLast(text);
    if (tail.size() > TAIL_LINES) {
      tail.removeFirst();
    }
    emit(text);
  }

  private void emit(String text) {
    lines.add(new LogLine(++number, clock.instant(), text));
    full = lines.isFull();
  }

  private static String decode(byte[] bytes, int count) {
    return new String(bytes, 0, count, StandardCharsets.UTF_8).replace('\0', '\u2400');
  }
}
