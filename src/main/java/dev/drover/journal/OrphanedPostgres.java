package dev.drover.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL whose Drover was killed: it still runs on the data, and must end cleanly before a
 * new one can start there. {@code postmaster.pid} tells which it is: process id in the first line,
 * start in seconds since 1970 in the third
 * (https://www.postgresql.org/docs/17/storage-file-layout.html).
 */
record OrphanedPostgres(ProcessHandle process) {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanedPostgres.class);
  private static final Duration SAME_START = Duration.ofSeconds(30);
  private static final long POLITE_SECONDS = 3;
  private static final long PATIENCE_SECONDS = 20;

  /**
   * The server that runs on a cluster's folder, if one does. A file that names another process (ids
   * are used again, after a restart of a container nearly always) is of no more use and deleted:
   * PostgreSQL would refuse to start.
   *
   * @throws IOException if the file can't be read or deleted
   */
  static Optional<OrphanedPostgres> find(Path cluster) throws IOException {
    Path file = cluster.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    Optional<ProcessHandle> named =
        number(lines, 0).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
    Optional<OrphanedPostgres> orphan =
        named.filter(p -> isServer(p, lines)).map(OrphanedPostgres::new);
    if (orphan.isEmpty() && named.isPresent()) {
      LOG.atWarn().addKeyValue("file", file).log("Deleting the note of a PostgreSQL that is gone");
      Files.delete(file);
    }
    return orphan;
  }

  private static boolean isServer(ProcessHandle process, List<String> lines) {
    boolean postgres = process.info().command().map(c -> c.contains("postgres")).orElse(false);
    Optional<Instant> noted = number(lines, 2).map(Instant::ofEpochSecond);
    Optional<Instant> started = process.info().startInstant();
    return postgres
        && (noted.isEmpty()
            || started.isEmpty()
            || Duration.between(noted.get(), started.get()).abs().compareTo(SAME_START) < 0);
  }

  private static Optional<Long> number(List<String> lines, int line) {
    try {
      return lines.size() > line
          ? Optional.of(Long.parseLong(lines.get(line).strip()))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // written in part: its server died at once
    }
  }

  /**
   * Ends it: SIGTERM lets it finish, SIGINT cuts off clients that stay, and only if it hangs it is
   * killed.
   */
  void stop() throws IOException {
    LOG.atWarn()
        .addKeyValue("pid", process.pid())
        .log("Stopping the PostgreSQL that a killed Drover left behind");
    process.destroy();
    if (!endsWithin(POLITE_SECONDS)) {
      new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
      if (!endsWithin(PATIENCE_SECONDS)) {
        process.destroyForcibly();
        endsWithin(PATIENCE_SECONDS);
      }
    }
  }

  private boolean endsWithin(long seconds) {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
