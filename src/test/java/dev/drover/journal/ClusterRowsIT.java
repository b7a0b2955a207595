package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.ClusterQueries.Amount;
import dev.drover.run.ClusterQueries.View;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.VersionId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of all that servers have to do together. */
class ClusterRowsIT {
  private static final UUID LIVE = UUID.randomUUID();
  private static final ProjectName DEFAULT = ProjectName.DEFAULT;
  private static final VersionId VERSION = new VersionId(DEFAULT, new WorkflowName("w"), 1);
  private static TestDatabase database;
  private static ClusterRows rows;

  @BeforeAll
  static void connect() {
    database = TestDatabase.create();
    rows = new ClusterRows(database.dataSource());
    sql("insert into workflow values ('default', 'w', 1, 'api', false)");
    sql("insert into workflow_version values ('default', 'w', 1, '', '')");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void empty() {
    sql("truncate run, node_run, server, timer, alert_episode, daily_cost cascade");
    sql("insert into server values ('%s', 'a', now(), now() + interval '1 hour')".formatted(LIVE));
    sql("insert into server values (gen_random_uuid(), 'b', now(), now() - interval '1 second')");
  }

  private static void sql(String text) {
    database.jdbc().sql(text).update();
  }

  /** So many seconds ago; further columns and their values. */
  private static UUID run(String state, int seconds, String columns, String values) {
    UUID id = UUID.randomUUID();
    sql(
        """
        insert into run (id, project, workflow, version, dedupe_key, state, reason, trigger, inputs,
                         created_at %s)
        values ('%s', 'default', 'w', 1, '%s', '%s', '', '{}', '{}',
                now() - interval '%d seconds' %s)
        """
            .formatted(columns, id, id, state, seconds, values));
    return id;
  }

  private static UUID started(String state, int seconds, String owner) {
    String at = ", now() - interval '%d seconds', %s".formatted(seconds, owner);
    return run(state, seconds + 60, ", started_at, owner", at);
  }

  private static void waits(UUID run, String node, String wait, int seconds) {
    sql(
        """
        insert into node_run (run, node_id, state, wait, started_at)
        values ('%s', '%s', 'WAITING', '%s', now() - interval '%d seconds')
        """
            .formatted(run, node, wait, seconds));
  }

  private static void isAbout(Amount amount, String kind, long count, long seconds) {
    assertThat(amount.project()).isEqualTo(DEFAULT);
    assertThat(amount.kind()).isEqualTo(kind);
    assertThat(amount.count()).isEqualTo(count);
    assertThat(amount.oldest())
        .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 30));
  }

  @Test
  void runsAreCountedByStateUntilTheyAreOver() {
    run("QUEUED", 100, "", "");
    run("QUEUED", 300, ", concurrency_key, concurrency_limit", ", 'k', 1");
    run("QUEUED", 200, ", concurrency_key, started_at", ", 'k', now()");
    started("RUNNING", 1_000, "'" + LIVE + "'");
    started("WAITING", 2_000, "null");
    started("WAITING", 3_000, "null");
    run("SUCCEEDED", 9_000, ", started_at, ended_at", ", now(), now()");

    View view = rows.look(Map.of());

    assertThat(view.runs()).hasSize(3);
    isAbout(of(view.runs(), "queued"), "queued", 3, 300);
    isAbout(of(view.runs(), "running"), "running", 1, 1_000);
    isAbout(of(view.runs(), "waiting"), "waiting", 2, 3_000);
    assertThat(view.engine().servers()).isEqualTo(1);
    assertThat(view.engine().unowned()).isZero();
  }

  @Test
  void nodesAreCountedByWhatTheyWaitFor() {
    UUID run = started("WAITING", 10, "null");
    waits(run, "a", "{\"kind\":\"approval\",\"message\":\"\\u0000\"}", 50);
    waits(run, "b", "{\"kind\":\"approval\",\"message\":\"May I?\"}", 70);
    waits(run, "c", "{\"kind\":\"resolved\"}", 90);
    UUID over = run("CANCELLED", 9, ", ended_at", ", now()");
    waits(over, "a", "{\"kind\":\"delay\",\"for\":\"1h\"}", 900);

    List<Amount> waits = rows.look(Map.of()).waits();

    assertThat(waits).hasSize(2);
    isAbout(of(waits, "approval"), "approval", 2, 70);
    isAbout(of(waits, "resolved"), "resolved", 1, 90);
  }

  @Test
  void runsWhoseServerIsGoneAndThoseThatShouldHaveEndedAreToldApart() {
    started("RUNNING", 500, "'" + LIVE + "'");
    started("RUNNING", 5, "null");
    started("RUNNING", 5, "'" + UUID.randomUUID() + "'");
    run("WAITING", 9, ", wake_at", ", now() - interval '2 minutes'");
    run("WAITING", 9, ", wake_at", ", now() - interval '30 seconds'");

    assertThat(rows.look(Map.of(VERSION, Duration.ofMinutes(10))).engine().overdue()).isEqualTo(1);
    View view = rows.look(Map.of(VERSION, Duration.ofSeconds(400)));
    assertThat(view.engine().overdue()).isEqualTo(2);
    assertThat(view.engine().unowned()).isEqualTo(2);
  }

  @Test
  void timersEpisodesAndTheCostOfTodayAreCounted() {
    sql(
        """
        insert into timer (task_name, task_instance, execution_time, picked, version)
        values ('t', 'late', now() - interval '20 seconds', false, 1),
               ('t', 'taken', now() - interval '60 seconds', true, 1),
               ('t', 'later', now() + interval '1 hour', false, 1)
        """);
    sql(
        """
        insert into alert_episode (id, project, source, identity, state, labels, annotations,
                                   receiver, starts_at, delivery)
        select gen_random_uuid(), 'default', 's', 'i' || n,
               case when n = 3 then 'RESOLVED' else 'OPEN' end, '{}', '{}', '', now(),
               gen_random_uuid()
        from generate_series(1, 3) n
        """);
    sql(
        """
        insert into daily_cost (project, day, workflow, agent, server, attempts, execution_ms, cost)
        select 'default', (now() at time zone 'UTC')::date - days, 'w', agent, gen_random_uuid(),
               1, 1, 0.25
        from generate_series(0, 1) days, unnest(array['a', 'b']) agent
        """);

    View view = rows.look(Map.of());

    assertThat(view.engine().timersDue()).isEqualTo(1);
    assertThat(view.engine().timersLag()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(50));
    assertThat(view.episodes()).containsExactly(Map.entry(DEFAULT, 2L));
    assertThat(view.spent())
        .containsExactly(Map.entry(WorkflowKey.of(VERSION), new BigDecimal("0.50")));
  }

  private static Amount of(List<Amount> amounts, String kind) {
    return amounts.stream().filter(a -> a.kind().equals(kind)).findFirst().orElseThrow();
  }
}
