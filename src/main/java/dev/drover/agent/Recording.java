package dev.drover.agent;

import java.io.ByteArrayOutputStream;

/** What the process of a single attempt writes: its output and its log. */
final class Recording implements Drained {
  private final LiveProcess process;
  private final AttemptLog log;
  private final Pipe stdout;
  private final long outputLimit;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /**
   * Nothing has been read yet.
   *
   * @param outputLimit bytes
   */
  Recording(LiveProcess process, AttemptLog log, long outputLimit) {
    this.process = process;
    this.log = log;
    this.stdout = process.stdout();
    this.outputLimit = outputLimit;
  }

  LiveProcess process() {
    return process;
  }

  @Override
  public Pumped pump(byte[] buffer) {
    Pumped logged = log.pump(buffer);
    int written = stdout.read(buffer, buffer.length);
    if (written == 0) {
      return logged;
    }
    int room = (int) Math.min(written, outputLimit - output.size());
    output.write(buffer, 0, room);
    return room < written ? Pumped.OVERFLOW : Pumped.DATA;
  }

  @Override
  public boolean isHeldUp() {
    return log.isHeldUp();
  }

  @Override
  public long bytesRead() {
    return log.bytesRead() + stdout.bytesRead();
  }

  @Override
  public long lastProgress() {
    return log.lastProgress();
  }

  /**
   * Hands over the last of the log and closes the pipes.
   *
   * @param givenUp whether there is more, which nobody takes
   */
  void finish(boolean givenUp) {
    log.finish(givenUp);
    process.closePipes();
  }

  byte[] output() {
    return output.toByteArray();
  }

  /** What is known of the attempt now. */
  Ending ending() {
    return new Ending(
        process.exitCode(),
        log.tail(),
        process.mask(),
        process.duration(),
        process.hold().hasLapsed(),
        process.bounds().refusals());
  }
}
