package dev.drover.agent;

import dev.drover.agent.Preparation.Prepared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The started process of an attempt with its pipes. Used by one thread at a time. */
final class LiveProcess {
  private static final Logger LOG = LoggerFactory.getLogger(LiveProcess.class);

  private final Process process;
  private final ProcessTree tree;
  private final SecretMask mask;
  private final LogStream log;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final long outputLimit;
  private final long started = System.nanoTime();
  private volatile long exited;

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

  private LiveProcess(Process process, ProcessTree tree, SecretMask mask, LogStream log, long max) {
    this.process = process;
    this.tree = tree;
    this.mask = mask;
    this.log = log;
    this.outputLimit = max;
  }

  /**
   * Starts the process. To be called on a thread that lives as long as the server: Linux ends a
   * sandbox with the thread that started it ({@code PR_SET_PDEATHSIG}).
   */
  static LiveProcess start(
      Prepared prepared,
      boolean wrapped,
      AgentManifest.Limits limits,
      Clock clock,
      Consumer<LogLine> lines)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(prepared.launch().command())
            .directory(prepared.launch().directory().toFile())
            .redirectInput(prepared.input().toFile());
    builder.environment().clear();
    builder.environment().putAll(prepared.env());
    Process process = builder.start();
    return new LiveProcess(
        process,
        new ProcessTree(process, wrapped),
        prepared.mask(),
        new LogStream(limits.log(), prepared.mask(), clock, lines),
        limits.output());
  }

  Process process() {
    return process;
  }

  ProcessTree tree() {
    return tree;
  }

  SecretMask mask() {
    return mask;
  }

  /** Reads what is there, at most a buffer of each pipe, and never waits. */
  Pumped pump(byte[] buffer) {
    int logged = read(process.getErrorStream(), buffer);
    if (logged > 0) {
      log.accept(buffer, logged);
    }
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

  private static int read(InputStream pipe, byte[] buffer) {
    try {
      int available = pipe.available();
      return available <= 0 ? 0 : pipe.read(buffer, 0, Math.min(available, buffer.length));
    } catch (IOException e) {
      return 0; // the pipe has been closed
    }
  }

  /** Takes what is still in the pipes of an ended process, and closes them. */
  Pumped drain(byte[] buffer) {
    Pumped last = Pumped.DATA;
    // A pipe holds 64 KiB or, if the agent asked for more, a megabyte; a writer that outlives the
    // process must not keep this going.
    for (int i = 0; i < 64 && (last == Pumped.DATA || last == Pumped.FLOOD); i++) {
      last = pump(buffer);
    }
    log.end();
    close(process.getInputStream());
    close(process.getErrorStream());
    return last;
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

  Duration duration() {
    return Duration.ofNanos((exited == 0 ? System.nanoTime() : exited) - started);
  }

  Duration age(long now) {
    return Duration.ofNanos(now - started);
  }

  byte[] output() {
    return output.toByteArray();
  }

  List<String> logTail() {
    return log.tail();
  }
}
