package dev.drover.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL whose Drover was killed: it still runs on the data, and must end cleanly before a
 * new one can start there. Its process id is the first line of {@code postmaster.pid}
 * (https://www.postgresql.org/docs/17/storage-file-layout.html).
 */
record OrphanedPostgres(ProcessHandle process) {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanedPostgres.class);
  private static final long PATIENCE_SECONDS = 20;

  /** The server that runs on a cluster's folder, if one does. */
  static Optional<OrphanedPostgres> find(Path cluster) {
    Path file = cluster.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.isEmpty() ? Optional.empty() : find(lines.get(0).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<OrphanedPostgres> find(String pid) {
    return ProcessHandle.of(Long.parseLong(pid))
        .filter(ProcessHandle::isAlive)
        .filter(p -> p.info().command().map(c -> c.contains("postgres")).orElse(false))
        .map(OrphanedPostgres::new);
  }

  /** Ends it: SIGTERM lets it finish, as it has no clients any more; SIGKILL only if it hangs. */
  void stop() {
    LOG.atWarn()
        .addKeyValue("pid", process.pid())
        .log("Stopping the PostgreSQL that a killed Drover left behind");
    process.destroy();
    if (!endsWithin(PATIENCE_SECONDS)) {
      process.destroyForcibly();
      endsWithin(PATIENCE_SECONDS);
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
