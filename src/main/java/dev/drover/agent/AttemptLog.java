package dev.drover.agent;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * The log of one attempt, on its way from the agent's stderr to the sink. It is left in its pipe as
 * long as there is no room for its lines. Belongs to one thread at a time.
 */
final class AttemptLog implements Drained {
  private final Pipe pipe;
  private final LogHandover lines;
  private final LogStream stream;
  private final long readBefore;

  /** What was read when there was no room for its lines any more. */
  private byte[] rest = new byte[0];

  private int restFrom;
  private long end = Long.MAX_VALUE;

  /**
   * Begins where the pipe stands.
   *
   * @param limit bytes after which the log is cut
   */
  AttemptLog(Pipe pipe, LogHandover lines, long limit, SecretMask mask, Clock clock) {
    this.pipe = pipe;
    this.lines = lines;
    this.stream = new LogStream(limit, mask, clock, lines);
    this.readBefore = pipe.bytesRead();
  }

  @Override
  public Pumped pump(byte[] buffer) {
    int taken = take(buffer);
    lines.flush();
    if (taken == 0) {
      return Pumped.NOTHING;
    }
    return stream.isCut() ? Pumped.FLOOD : Pumped.DATA;
  }

  private int take(byte[] buffer) {
    if (restFrom < rest.length) {
      int before = restFrom;
      restFrom = stream.accept(rest, restFrom, rest.length);
      return restFrom - before;
    }
    if (isFull()) {
      return 0;
    }
    int count = pipe.read(buffer, end - pipe.bytesRead());
    int taken = stream.accept(buffer, 0, count);
    rest = Arrays.copyOfRange(buffer, taken, count);
    restFrom = 0;
    return taken;
  }

  private boolean isFull() {
    return lines.isFull() && !stream.isCut();
  }

  @Override
  public boolean isHeldUp() {
    return restFrom < rest.length
        || (isFull() && Math.min(pipe.available(), end - pipe.bytesRead()) > 0);
  }

  @Override
  public long bytesRead() {
    return pipe.bytesRead() - readBefore;
  }

  @Override
  public long lastProgress() {
    return lines.lastProgress();
  }

  /** Another process has written so many lines for the attempt. */
  void continueAfter(int lines) {
    stream.continueAfter(lines);
  }

  /** The number of the last line. */
  int number() {
    return stream.number();
  }

  /** What is in the pipe at this moment is the last of it; what comes later is not its. */
  void endHere() {
    end = pipe.bytesRead() + pipe.available();
  }

  /**
   * Hands over what stands without a line end.
   *
   * @param givenUp whether there is more, which nobody takes
   */
  void finish(boolean givenUp) {
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
