package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that only one server works on a database: two would take each other's runs up. It is
 * an advisory lock of a session, so PostgreSQL frees it when the server dies.
 */
public final class ServerLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLock.class);

  /** "drover" in ASCII: any number that no other program uses. */
  private static final long KEY = 0x64726f766572L;

  private static final int TRIES = 20;
  private static final long RETRY_MILLIS = 250;

  private final DataSource database;
  private final Runnable onLost;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "server-lock");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable Connection session;
  private volatile boolean taken;

  private ServerLock(DataSource database, Runnable onLost) {
    this.database = database;
    this.onLost = onLost;
  }

  /**
   * Takes the lock; a server that has just died may still hold it for a moment.
   *
   * @param onLost called when another server got the lock while the connection was lost
   * @throws Taken if another server works on the database
   */
  public static ServerLock take(DataSource database, Runnable onLost) {
    ServerLock lock = new ServerLock(database, onLost);
    for (int i = 0; i < TRIES; i++) {
      if (lock.hold()) {
        var unused = lock.watch.scheduleWithFixedDelay(lock::look, 2, 2, TimeUnit.SECONDS);
        return lock;
      }
      lock.pause();
    }
    throw new Taken();
  }

  private void look() {
    if (!hold() && taken) {
      LOG.atError().log("Another server took the database while the connection was lost");
      watch.shutdown();
      onLost.run();
    }
  }

  /** Whether the lock is held, taken again if the connection was lost. */
  private synchronized boolean hold() {
    taken = false;
    try {
      Connection held = session;
      if (held != null && held.isValid(2)) {
        return true;
      }
      if (held != null) {
        LOG.atWarn().log("The connection that holds the server's lock was lost; taking it again");
        held.close();
        session = null;
      }
      return tryLock(database.getConnection());
    } catch (SQLException e) {
      LOG.atWarn().setCause(e).log("The server's lock could not be taken; trying again");
      return false;
    }
  }

  private boolean tryLock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_try_advisory_lock(?)")) {
      statement.setLong(1, KEY);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next() && row.getBoolean(1)) {
          session = connection;
          return true;
        }
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    taken = true;
    connection.close();
    return false;
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    watch.shutdownNow();
    if (session != null) {
      try (PreparedStatement statement =
          session.prepareStatement("select pg_advisory_unlock_all()")) {
        statement.execute();
      } finally {
        session.close();
      }
    }
  }

  /** Another server works on the database. */
  public static final class Taken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Taken() {
      super("another Drover works on this database: one server per database is allowed");
    }
  }
}
