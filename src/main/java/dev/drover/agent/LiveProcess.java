package dev.drover.agent;

import dev.drover.agent.Preparation.Prepared;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.OptionalInt;

/** A started process of an agent, with its pipes and all that descends from it. */
final class LiveProcess {
  private final Process process;
  private final ProcessTree tree;
  private final Bounds bounds;
  private final SecretMask mask;
  private final Pipe stdout;
  private final Pipe stderr;
  private final long started = System.nanoTime();
  private volatile long exited;

  private LiveProcess(Process process, ProcessTree tree, Prepared prepared) {
    this.process = process;
    this.tree = tree;
    this.bounds = prepared.launch().bounds();
    this.mask = prepared.mask();
    this.stdout = new Pipe(process.getInputStream());
    this.stderr = new Pipe(process.getErrorStream());
  }

  /**
   * Starts the process. To be called on a thread that lives as long as the server: Linux ends a
   * sandbox with the thread that started it ({@code PR_SET_PDEATHSIG}).
   */
  static LiveProcess start(Prepared prepared, Leash.Hold hold, boolean wrapped) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(hold.command(prepared.launch().command()))
            .directory(prepared.launch().directory().toFile())
            .redirectInput(
                prepared.input().map(file -> Redirect.from(file.toFile())).orElse(Redirect.PIPE));
    builder.environment().clear();
    builder.environment().putAll(prepared.env());
    Process process = builder.start();
    try {
      return new LiveProcess(process, new ProcessTree(process, wrapped, hold), prepared);
    } catch (RuntimeException | Error e) { // nobody would look after it
      process.destroyForcibly();
      prepared.launch().bounds().kill();
      hold.release();
      throw e;
    }
  }

  /** Kills it because there is nobody to look after it. */
  void abandon() {
    tree.kill();
    bounds.kill();
    hold().release();
    bounds.release();
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

  /** Its place on the leash. */
  Leash.Hold hold() {
    return tree.hold();
  }

  SecretMask mask() {
    return mask;
  }

  Pipe stdout() {
    return stdout;
  }

  Pipe stderr() {
    return stderr;
  }

  /** Empty while it lives. */
  OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  void closePipes() {
    stdout.close();
    stderr.close();
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
}
