package dev.drover.journal;

import dev.drover.run.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * This server's row in the table of servers. Whoever takes a server's runs up deletes its row
 * first, in competition with the transactions that the server writes under its lease: so no write
 * of a server that is taken for dead comes after the take-over. A row that has run out and is still
 * there can be extended: nobody has taken anything up yet.
 */
public final class ServerLease implements Lease {
  private static final String EXTEND =
      """
      update server set lease_until = clock_timestamp() + make_interval(secs => ?)
      where id = ?
      returning clock_timestamp()
      """;

  private static final String REGISTER =
      """
      insert into server (id, name, lease_until)
      values (?, ?, clock_timestamp() + make_interval(secs => ?))
      returning clock_timestamp()
      """;

  private static final String BURY =
      """
      delete from server
      where id in (
        select id from server
        where id <> ? and (lease_until < clock_timestamp() or ?)
        for update skip locked)
      """;

  private final DataSource database;
  private final Settings settings;
  private final DatabaseClock clock;
  private volatile UUID id;
  private volatile long heldUntil = System.nanoTime() - 1;
  private boolean registered;
  private boolean replaced;

  /**
   * How a server leases.
   *
   * @param name for people who look at the table
   * @param ttl how long a lease lasts if it is not extended
   * @param alone whether the database can have no other server: those that died are not waited for
   * @param ids UUIDs version 7
   */
  public record Settings(String name, Duration ttl, boolean alone, Supplier<UUID> ids) {}

  /** {@code clock} is set to the database's at each extension. */
  public ServerLease(DataSource database, Settings settings, DatabaseClock clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.id = settings.ids().get();
  }

  /** Who owns what is taken up now. */
  public UUID id() {
    return id;
  }

  @Override
  public boolean isHeld() {
    return System.nanoTime() - heldUntil < 0;
  }

  @Override
  public synchronized Renewal renew() {
    long asked = System.nanoTime();
    try (Connection connection = database.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, (int) settings.ttl().toMillis() / 3);
      boolean extended = registered && extend(connection);
      if (!extended) {
        heldUntil = asked - 1;
        register(connection);
      }
      replaced |= registered && !extended;
      registered = true;
      bury(connection);
      heldUntil = asked + settings.ttl().toNanos() * 4 / 5;
      Renewal renewal = replaced ? Renewal.REPLACED : Renewal.EXTENDED;
      replaced = false;
      return renewal;
    } catch (SQLException e) {
      throw new IllegalStateException("the lease could not be extended: " + e.getMessage(), e);
    }
  }

  private boolean extend(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(EXTEND)) {
      update.setDouble(1, seconds());
      update.setObject(2, id);
      return observe(update);
    }
  }

  private void register(Connection connection) throws SQLException {
    UUID next = registered ? settings.ids().get() : id;
    try (PreparedStatement insert = connection.prepareStatement(REGISTER)) {
      insert.setObject(1, next);
      insert.setString(2, settings.name());
      insert.setDouble(3, seconds());
      boolean unused = observe(insert);
    }
    id = next;
  }

  /** Takes dead servers out of the table, so that their runs are nobody's. */
  private void bury(Connection connection) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(BURY)) {
      delete.setObject(1, id);
      delete.setBoolean(2, settings.alone());
      delete.executeUpdate();
    }
  }

  private boolean observe(PreparedStatement statement) throws SQLException {
    long sent = System.nanoTime();
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return false;
      }
      clock.observed(row.getObject(1, OffsetDateTime.class).toInstant(), System.nanoTime() - sent);
      return true;
    }
  }

  private double seconds() {
    return settings.ttl().toMillis() / 1_000.0;
  }

  @Override
  public synchronized void release() {
    heldUntil = System.nanoTime() - 1;
    if (!registered) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement("delete from server where id = ?")) {
      delete.setObject(1, id);
      delete.executeUpdate();
      registered = false;
    } catch (SQLException e) {
      throw new IllegalStateException("the lease could not be given up: " + e.getMessage(), e);
    }
  }
}
