package dev.drover.agent;

import dev.drover.agent.Preparation.Prepared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The started process of an attempt with its pipes. Used by one thread at a time. */
final class LiveProcess implements EndedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(LiveProcess.class);

  private final Process process;
  private final ProcessTree tree;
  private final Bounds bounds;
  private final SecretMask mask;
  private final LogHandover lines;
  private final LogStream log;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final long outputLimit;
  private final long started = System.nanoTime();
  private volatile long exited;

  /** What was read of the log when there was no room for its lines any more. */
  private byte[] rest = new byte[0];

  private int restFrom;
  private long bytesRead;

  /** What was read in one go. */
  enum Pumped {
    /** There was nothing. */
    NOTHING,
    /** Only what floods a log that is cut already: no reason to hurry, but to go on. */
    FLOOD,
    /** There was something, and there may be more. */
    DATA,
    /** The output has become larger than it may. */
    OVERFLOW
  }

  private LiveProcess(
      Process process,
      ProcessTree tree,
      Prepared prepared,
      LogHandover lines,
      LogStream log,
      long max) {
    this.process = process;
    this.tree = tree;
    this.bounds = prepared.launch().bounds();
    this.mask = prepared.mask();
    this.lines = lines;
    this.log = log;
    this.outputLimit = max;
  }

  /**
   * Starts the process. To be called on a thread that lives as long as the server: Linux ends a
   * sandbox with the thread that started it ({@code PR_SET_PDEATHSIG}).
   */
  static LiveProcess start(
      Prepared prepared,
      Leash.Hold hold,
      boolean wrapped,
      AgentManifest.Limits limits,
      Clock clock,
      LogHandover lines)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(hold.command(prepared.launch().command()))
            .directory(prepared.launch().directory().toFile())
            .redirectInput(prepared.input().toFile());
    builder.environment().clear();
    builder.environment().putAll(prepared.env());
    Process process = builder.start();
    return new LiveProcess(
        process,
        new ProcessTree(process, wrapped, hold),
        prepared,
        lines,
        new LogStream(limits.log(), prepared.mask(), clock, lines),
        limits.output());
  }

  Process process() {
    return process;
  }

  ProcessTree tree() {
    return tree;
  }

  /** What else holds its processes. */
  Bounds bounds() {
    return bounds;
  }

  @Override
  public List<String> refusals() {
    return bounds.refusals();
  }

  /** Its place on the leash. */
  Leash.Hold hold() {
    return tree.hold();
  }

  @Override
  public SecretMask mask() {
    return mask;
  }

  @Override
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public boolean hasLapsed() {
    return hold().hasLapsed();
  }

  /**
   * Reads what is there, at most a buffer of each pipe, and never waits. The log is left in its
   * pipe as long as there is no room for its lines.
   */
  Pumped pump(byte[] buffer) {
    int logged = pumpLog(buffer);
    lines.flush();
    int written = read(process.getInputStream(), buffer);
    if (written > 0) {
      int room = (int) Math.min(written, outputLimit - output.size());
      output.write(buffer, 0, room);
      if (room < written) {
        return Pumped.OVERFLOW;
      }
    }
    if (written > 0 || (logged > 0 && !log.isCut())) {
      return Pumped.DATA;
    }
    return logged > 0 ? Pumped.FLOOD : Pumped.NOTHING;
  }

  private int pumpLog(byte[] buffer) {
    if (restFrom < rest.length) {
      int before = restFrom;
      restFrom = log.accept(rest, restFrom, rest.length);
      return restFrom - before;
    }
    if (lines.isFull() && !log.isCut()) {
      return 0;
    }
    int count = read(process.getErrorStream(), buffer);
    int taken = log.accept(buffer, 0, count);
    rest = Arrays.copyOfRange(buffer, taken, count);
    restFrom = 0;
    return taken;
  }

  /** Whether there is more of the log than there is room for. */
  boolean isHeldUp() {
    return restFrom < rest.length
        || (lines.isFull() && !log.isCut() && available(process.getErrorStream()) > 0);
  }

  /** What was read of both pipes so far. */
  long bytesRead() {
    return bytesRead;
  }

  /** When the sink last acknowledged lines, by {@link System#nanoTime()}. */
  long lastProgress() {
    return lines.lastProgress();
  }

  private static int available(InputStream pipe) {
    try {
      return pipe.available();
    } catch (IOException e) {
      return 0; // the pipe has been closed
    }
  }

  private int read(InputStream pipe, byte[] buffer) {
    try {
      int available = pipe.available();
      int most = Math.min(available, buffer.length);
      int count = most <= 0 ? 0 : Math.max(0, pipe.read(buffer, 0, most));
      bytesRead += count;
      return count;
    } catch (IOException e) {
      return 0; // the pipe has been closed
    }
  }

  /**
   * Hands over the last of the log and closes the pipes.
   *
   * @param givenUp whether there is more, which nobody takes
   */
  void finish(boolean givenUp) {
    if (givenUp) {
      log.giveUp();
    } else {
      log.end();
    }
    lines.flush();
    close(process.getInputStream());
    close(process.getErrorStream());
  }

  private static void close(InputStream pipe) {
    try {
      pipe.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("A pipe of an agent could not be closed");
    }
  }

  /** Notes the end. */
  void hasExited() {
    exited = System.nanoTime();
  }

  @Override
  public Duration duration() {
    return Duration.ofNanos((exited == 0 ? System.nanoTime() : exited) - started);
  }

  Duration age(long now) {
    return Duration.ofNanos(now - started);
  }

  @Override
  public byte[] output() {
    return output.toByteArray();
  }

  @Override
  public List<String> logTail() {
    return log.tail();
  }
}
