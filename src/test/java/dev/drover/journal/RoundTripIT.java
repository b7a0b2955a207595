package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that travel together stand and fall together, and see what those before them did. */
class RoundTripIT {
  private static final String ADD = "insert into project (name) select unnest(?::text[])";
  private static final String COUNT = "select count(*) from project where name = any(?::text[])";

  private final List<Integer> counts = new ArrayList<>();
  private TestDatabase database;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void eachStatementSeesWhatThoseBeforeItDid() throws Exception {
    RoundTrip trip = new RoundTrip();
    count(trip, "a", "b");
    add(trip, "a");
    count(trip, "a", "b");
    add(trip, "b");
    count(trip, "a", "b");
    run(trip);
    assertThat(counts).containsExactly(0, 1, 2);
  }

  @Test
  void oneThatFailsTakesAllOthersBack() throws Exception {
    RoundTrip trip = new RoundTrip();
    add(trip, "a");
    add(trip, "b", "b");
    add(trip, "c");
    assertThatThrownBy(() -> run(trip)).isInstanceOf(SQLException.class);
    RoundTrip after = new RoundTrip();
    count(after, "a", "b", "c");
    run(after);
    assertThat(counts).containsExactly(0);
  }

  @Test
  void aStatementWithoutRowsIsLeftOut() throws Exception {
    RoundTrip trip = new RoundTrip();
    add(trip);
    run(trip);
    add(trip, "a");
    count(trip, "a");
    run(trip);
    assertThat(counts).containsExactly(1);
  }

  @Test
  void nothingIsWrittenUnderALeaseThatIsGone() throws Exception {
    RoundTrip trip = new RoundTrip();
    Fence.hold(trip, UUID.randomUUID());
    add(trip, "a");
    assertThatThrownBy(() -> run(trip))
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(Fence.isNotHeld(e)).isTrue());
    RoundTrip after = new RoundTrip();
    count(after, "a");
    run(after);
    assertThat(counts).containsExactly(0);
  }

  @Test
  void theWritersPlansUseIndexesEvenIfTheyWereMadeWhileTablesWereEmpty() throws Exception {
    try (WriterConnection writer = new WriterConnection(database.dataSource());
        var statement = writer.get().createStatement()) {
      statement.execute(
          "prepare by_id (uuid[]) as select r.id from unnest($1) as e (id) join run r on r.id = e.id");
      try (var rows = statement.executeQuery("explain execute by_id('{}')")) {
        StringBuilder plan = new StringBuilder();
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
        assertThat(plan).contains("run_pk").doesNotContain("Seq Scan", "Hash Join");
      }
    }
  }

  @Test
  void theConnectionThatTheWriterGivesBackPlansAsAnyOther() throws Exception {
    WriterConnection writer = new WriterConnection(database.dataSource());
    assertThat(planCacheMode(writer.get())).isEqualTo("force_generic_plan");
    writer.close();
    try (Connection other = database.dataSource().getConnection()) {
      assertThat(planCacheMode(other)).isEqualTo("auto");
    }
  }

  private static String planCacheMode(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("show plan_cache_mode")) {
      row.next();
      return row.getString(1);
    }
  }

  private void run(RoundTrip trip) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      trip.run(connection);
    }
  }

  private static void add(RoundTrip trip, String... names) {
    trip.add(ADD, List.of(names), columns -> columns.texts(name -> name));
  }

  private void count(RoundTrip trip, String... names) {
    trip.add(
        COUNT,
        List.of(names),
        columns -> columns.texts(name -> name),
        rows -> {
          rows.next();
          counts.add(rows.getInt(1));
        });
  }
}
