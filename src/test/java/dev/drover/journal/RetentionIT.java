package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Old rows go, by indexes, and nothing that is still of use. */
class RetentionIT {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Retention.Ages AGES =
      new Retention.Ages(Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(30));

  /** A UUID version 7 of the time {@code t}, different for each {@code i}. */
  private static final String ID =
      """
      (lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || '7'
       || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid
      """;

  private final TestDatabase database = TestDatabase.create();
  private final Retention retention =
      new Retention(database.dataSource(), AGES, Clock.fixed(NOW, ZoneOffset.UTC));

  @BeforeEach
  void workflow() {
    sql("insert into workflow values ('default', 'w', 1, 'api', false, false)");
    sql("insert into workflow_version values ('default', 'w', 1, 'x', 'x')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void sql(String text) {
    database.jdbc().sql(text.replace("ID(t, i)", ID)).update();
  }

  private int count(String what) {
    return database
        .jdbc()
        .sql("select count(*) from " + what.replace("ID(t, i)", ID))
        .query(Integer.class)
        .single();
  }

  /** So many runs a day, ended at noon, with two nodes and three lines of log each. */
  private void runs(int days, int aDay) {
    sql(
        """
        insert into run (id, project, workflow, version, dedupe_key, state, reason, trigger, inputs,
                         created_at, started_at, ended_at)
        select ID(t, i), 'default', 'w', 1, 'k' || i, 'SUCCEEDED', 'done', '{}', '{}', t, t, t
        from (select i, timestamptz '2026-02-28 12:00Z' - (i / %2$d) * interval '1 day' as t
              from generate_series(0, %1$d - 1) as i) as x
        """
            .formatted(days * aDay, aDay));
    sql(
        """
        insert into node_run (run, node_id, state, started_at, ended_at)
        select id, n, 'SUCCEEDED', ended_at, ended_at from run, unnest(array['a', 'b']) as n
        """);
    sql(
        """
        insert into attempt (run, node_id, number, runtime, state, started_at)
        select id, n, 1, 'process', 'SUCCEEDED', ended_at from run, unnest(array['a', 'b']) as n
        """);
    sql(
        """
        insert into agent_log (run, node_id, attempt, line, at, text)
        select id, 'a', 1, n, ended_at, 'a line' from run, generate_series(1, 3) as n
        """);
  }

  private void alerts(int days, int aDay) {
    sql(
        """
        insert into delivery (id, project, source, receiver, received_at, alerts, outcomes)
        select ID(t, i), 'default', 'alertmanager', 'r', t, 1, '{}'
        from (select i, timestamptz '2026-02-28 12:00Z' - (i / %2$d) * interval '1 day' as t
              from generate_series(0, %1$d - 1) as i) as x
        """
            .formatted(days * aDay, aDay));
    sql(
        """
        insert into alert_episode (id, project, source, identity, state, labels, annotations,
                                   receiver, starts_at, ends_at, opened_at, last_seen_at, delivery)
        select id, project, source, id::text,
               case when substr(id::text, 15, 4) < '71' then 'EXPIRED' else 'RESOLVED' end,
               '{}', '{}', 'r', received_at, received_at, received_at, received_at, id
        from delivery
        """);
    sql(
        """
        insert into alert_identity (project, source, identity, last_ends_at)
        select project, source, identity, ends_at from alert_episode
        """);
  }

  @Test
  void twentyThousandRunsAndDeliveriesAreThinnedOut() {
    runs(40, 500);
    alerts(40, 500);
    sql(
        """
        insert into audit (id, at, project, who, action, subject)
        select ID(t, i), t, 'default', 'ann', 'pause', 'w'
        from (select i, timestamptz '2024-06-01Z' as t from generate_series(1, 1200) as i) as x
        """);
    sql("insert into quarantine values (gen_random_uuid(), '2024-06-01Z', null, 'run', 's', 'r')");
    sql("analyze");
    Map<String, Integer> scansBefore = scans();
    retention.run();
    assertThat(count("run")).isEqualTo(30 * 500);
    assertThat(count("run where ended_at < '2026-01-30Z'")).isZero();
    assertThat(count("node_run")).isEqualTo(30 * 1_000);
    assertThat(count("attempt")).isEqualTo(30 * 1_000);
    assertThat(count("agent_log")).isEqualTo(7 * 1_500);
    assertThat(count("alert_episode")).isEqualTo(30 * 500);
    assertThat(count("alert_identity")).isEqualTo(30 * 500);
    assertThat(count("delivery")).isEqualTo(30 * 500);
    assertThat(count("audit")).isZero();
    assertThat(count("quarantine")).isZero();
    assertThat(scansBetween(scansBefore)).as("times that whole tables were read").isEmpty();
    retention.run();
    assertThat(count("run")).isEqualTo(30 * 500);
  }

  /** How often each table was read as a whole, by connections that have reported. */
  private Map<String, Integer> scans() {
    database.dataSource().getHikariPoolMXBean().softEvictConnections();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> database.dataSource().getHikariPoolMXBean().getTotalConnections() == 0);
    return database
        .jdbc()
        .sql("select relname, seq_scan from pg_stat_user_tables where relname = any(:names)")
        .param(
            "names",
            new String[] {
              "run",
              "node_run",
              "attempt",
              "agent_log",
              "alert_episode",
              "alert_identity",
              "delivery",
              "audit"
            })
        .query((row, n) -> Map.entry(row.getString(1), row.getInt(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Map<String, Integer> scansBetween(Map<String, Integer> before) {
    // The counts of this test itself: one a table and once more for run.
    Map<String, Integer> own =
        Map.of(
            "run",
            2,
            "node_run",
            1,
            "attempt",
            1,
            "agent_log",
            1,
            "alert_episode",
            1,
            "alert_identity",
            1,
            "delivery",
            1,
            "audit",
            1);
    return scans().entrySet().stream()
        .map(
            e -> Map.entry(e.getKey(), e.getValue() - before.get(e.getKey()) - own.get(e.getKey())))
        .filter(e -> e.getValue() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Test
  void whatOldRunsHaveCostIsKeptByDayForAYear() {
    runs(40, 5);
    sql("insert into run_cost select id, 2, 1000, 0.1 from run");
    sql(
        """
        insert into daily_cost
        select 'default', date '2026-03-01' - i, 'w', 'a', gen_random_uuid(), 10, 5000, 0.5
        from generate_series(1, 1000) as i
        """);
    retention.run();
    assertThat(count("run")).isEqualTo(30 * 5);
    assertThat(count("run_cost")).isEqualTo(30 * 5);
    assertThat(count("run_cost c join run r on r.id = c.run")).isEqualTo(30 * 5);
    assertThat(count("daily_cost")).isEqualTo(365);
    assertThat(count("daily_cost where day < '2026-01-01'")).isPositive();
  }

  @Test
  void whatIsInUseStaysHoweverOldItIs() {
    runs(60, 4);
    alerts(60, 4);
    // An alert that fires since January, one that an unfinished run is about, and that run's kin.
    sql(
        """
        update alert_episode set state = 'OPEN'
        where id = (select id from alert_episode order by id limit 1)
        """);
    sql("update run set ended_at = null, state = 'WAITING' where dedupe_key = 'k239'");
    sql(
        """
        insert into run_episode
        select (select id from alert_episode order by id offset 1 limit 1), id
        from run where dedupe_key = 'k239'
        """);
    sql(
        """
        update run set parent_run = (select id from run where dedupe_key = 'k239')
        where dedupe_key = 'k238'
        """);
    sql(
        """
        update run set rerun_of = (select id from run where dedupe_key = 'k237')
        where dedupe_key = 'k239'
        """);
    retention.run();
    assertThat(keys("run where ended_at is null or ended_at < '2026-01-30Z'", "dedupe_key"))
        .containsExactlyInAnyOrder("k237", "k238", "k239");
    assertThat(count("alert_episode where last_seen_at < '2026-01-30Z'")).isEqualTo(2);
    assertThat(count("delivery where received_at < '2026-01-30Z'")).isEqualTo(2);
    assertThat(count("alert_identity where last_ends_at < '2026-01-30Z'")).isEqualTo(2);
    assertThat(count("agent_log where run = (select id from run where dedupe_key = 'k239')"))
        .isEqualTo(3);
    assertThat(count("agent_log where run = (select id from run where dedupe_key = 'k238')"))
        .isZero();
  }

  private List<String> keys(String from, String column) {
    return database.jdbc().sql("select " + column + " from " + from).query(String.class).list();
  }

  @Test
  void identitiesOfWhichNothingIsKnownAreForgotten() {
    sql(
        """
        insert into alert_identity (project, source, identity, last_ends_at, remembered) values
          ('default', 'am', 'expired', null, null),
          ('default', 'am', 'ended', '2026-02-20Z', null),
          ('default', 'am', 'remembered', null, '[]'),
          ('default', 'am', 'group/quiet', null, null),
          ('default', 'am', 'group/cooling', null, null)
        """);
    sql("insert into cooldown values ('default', 'w', 'am', 'group/cooling', '2026-04-01Z', '{}')");
    retention.run();
    assertThat(keys("alert_identity", "identity"))
        .containsExactlyInAnyOrder("ended", "remembered", "group/cooling");
  }

  /** A delivery that waited in a spool for days has an episode that is so much younger. */
  @Test
  void theDeliveryOfAnEpisodeThatWasStoredDaysLaterStays() {
    sql(
        """
        insert into delivery (id, project, source, receiver, received_at, alerts, outcomes)
        select ID(t, i), 'default', 'am', 'r', t, 1, '{}'
        from (values ('2026-01-28T00:00:00Z'::timestamptz, 1)) as x (t, i)
        """);
    sql(
        """
        insert into alert_episode (id, project, source, identity, state, labels, annotations,
                                   receiver, starts_at, last_seen_at, delivery)
        select ID(t, i), 'default', 'am', 'a', 'OPEN', '{}', '{}', 'r', t, t,
               (select id from delivery)
        from (values ('2026-02-03T00:00:00Z'::timestamptz, 2)) as x (t, i)
        """);
    retention.run();
    assertThat(count("delivery")).isEqualTo(1);
  }

  @Test
  void anIdentityThatFiredAgainIsRemembered() {
    alerts(60, 1);
    sql(
        "update alert_identity set last_ends_at = '2026-02-20Z' where last_ends_at < '2026-01-05Z'");
    int again = count("alert_identity where last_ends_at = '2026-02-20Z'");
    retention.run();
    assertThat(again).isPositive();
    assertThat(count("alert_identity where last_ends_at = '2026-02-20Z'")).isEqualTo(again);
  }

  @Test
  void aRunWithVeryManyNodesGoesToo() {
    runs(1, 3);
    sql("update run set ended_at = '2026-01-01Z'");
    sql(
        """
        insert into node_run (run, node_id, state)
        select id, 'n' || i, 'SUCCEEDED' from run, generate_series(1, 12000) as i
        """);
    sql(
        """
        insert into agent_log (run, node_id, attempt, line, at, text)
        select id, 'b', 1, n, ended_at, 'a line' from run, generate_series(1, 2000) as n
        """);
    retention.run();
    assertThat(count("run")).isZero();
    assertThat(count("agent_log")).isZero();
  }

  @Test
  void logsOfRunsThatEndedLaterAreSeenToAtALaterTime() {
    runs(20, 10);
    retention.run();
    assertThat(count("agent_log")).isEqualTo(7 * 30);
    new Retention(
            database.dataSource(), AGES, Clock.fixed(NOW.plus(Duration.ofDays(3)), ZoneOffset.UTC))
        .run();
    assertThat(count("agent_log")).isEqualTo(4 * 30);
  }

  @Test
  void nobodyWaitsForItAndItWaitsForNobody() throws Exception {
    runs(40, 10);
    alerts(40, 10);
    sql("update run set ended_at = null, state = 'RUNNING' where dedupe_key like 'k39%'");
    try (Connection busy = database.dataSource().getConnection()) {
      busy.setAutoCommit(false);
      for (String lock :
          List.of(
              "select 1 from run where ended_at is null for update",
              "select 1 from workflow for update",
              "select 1 from alert_identity for update")) {
        busy.createStatement().execute(lock);
      }
      CompletableFuture.runAsync(retention).get(20, TimeUnit.SECONDS);
      busy.rollback();
    }
    assertThat(count("run where ended_at < '2026-01-30Z'")).isZero();
    assertThat(count("run where ended_at is null")).isEqualTo(11);
    // Identities that a delivery had locked were left to it.
    assertThat(count("alert_identity")).isEqualTo(400);
  }
}
