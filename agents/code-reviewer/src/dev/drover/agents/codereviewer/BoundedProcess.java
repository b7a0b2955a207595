package dev.drover.agents.codereviewer;

import dev.drover.agents.kit.PlainText;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Runs a program with nothing of this one's environment, for so long and with so much output. */
final class BoundedProcess {
  private static final int MOST_ERROR = 8 << 10;
  private static final int ERROR_SHOWN = 300;

  private BoundedProcess() {}

  /** Bounds of one run. */
  record Limits(Duration time, int output) {}

  /**
   * How it ended.
   *
   * @param error what it wrote to stderr, on one line
   */
  record Ended(int exitCode, String text, String error) {}

  static Ended run(
      List<String> command, Path folder, Map<String, String> environment, Limits limits)
      throws IOException, WorkFailure {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      CompletableFuture<byte[]> output = read(process.getInputStream(), limits.output());
      CompletableFuture<byte[]> error = read(process.getErrorStream(), MOST_ERROR);
      return await(process, output, error, limits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw WorkFailure.temporary("interrupted");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Ended await(
      Process process,
      CompletableFuture<byte[]> output,
      CompletableFuture<byte[]> error,
      Limits limits)
      throws InterruptedException, IOException, WorkFailure {
    String program = process.info().command().orElse("the program");
    if (!process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS)) {
      throw WorkFailure.temporary(program + " took more than " + limits.time().toSeconds() + " s");
    }
    try {
      byte[] text = output.join();
      if (text.length > limits.output()) {
        throw WorkFailure.permanent(
            "the change is larger than " + (limits.output() >> 20) + " MiB");
      }
      String said = PlainText.oneLine(GitRange.text(error.join()));
      return new Ended(process.exitValue(), GitRange.text(text), PlainText.cut(said, ERROR_SHOWN));
    } catch (CompletionException e) {
      throw new IOException("its output can't be read", e);
    }
  }

  /** Reads all, so that the program never waits, and keeps so much and a byte more. */
  private static CompletableFuture<byte[]> read(InputStream stream, int most) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            byte[] kept = stream.readNBytes(most + 1);
            stream.transferTo(java.io.OutputStream.nullOutputStream());
            return kept;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task, "output of a program").start());
  }
}
