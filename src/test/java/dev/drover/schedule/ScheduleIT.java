package dev.drover.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.journal.Quarantine;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedules on a real database, by a clock of the test's own. */
class ScheduleIT {
  private static final String DAILY = "cron: \"0 0 3 * * *\"";
  private static final String NOW = "2026-01-10T12:00:00Z";

  private final TestDatabase database = TestDatabase.create();
  private final OpenedRuns runs = new OpenedRuns(database.jdbc());

  @AfterEach
  void close() {
    database.close();
  }

  private ManualTimers server() {
    return new ManualTimers(database, runs, NOW);
  }

  private List<String> timers() {
    return database
        .jdbc()
        .sql(
            """
            select task_instance || ' ' || to_char(execution_time at time zone 'UTC',
                                                   'YYYY-MM-DD HH24:MI:SS')
            from timer order by task_instance
            """)
        .query(String.class)
        .list();
  }

  @Test
  void aScheduleOpensARunAtItsTimeAndWaitsForTheNext() {
    ManualTimers server = server();
    server.deploy("scan", DAILY);
    assertThat(timers()).containsExactly("default/scan#0 2026-01-11 03:00:00");
    server.at("2026-01-11T02:59:59Z");
    assertThat(runs.opened()).isEmpty();
    server.at("2026-01-11T03:00:00.400Z");
    server.at("2026-01-11T03:00:00.900Z");
    assertThat(runs.opened()).hasSize(1);
    assertThat(runs.opened().get(0).dedupeKey()).isEqualTo("schedule:scan#0:2026-01-11T03:00:00Z");
    assertThat(runs.opened().get(0).trigger())
        .isEqualTo(
            Map.of(
                "type",
                "schedule",
                "schedule",
                Map.of(
                    "cron",
                    "0 0 3 * * *",
                    "zone",
                    "UTC",
                    "at",
                    "2026-01-11T03:00:00Z",
                    "missed",
                    0L)));
    assertThat(timers()).containsExactly("default/scan#0 2026-01-12 03:00:00");
  }

  @Test
  void missedTimesAreMadeUpByOneRun() {
    ManualTimers server = server();
    server.deploy("scan", DAILY);
    server.at("2026-01-14T10:00:00Z");
    server.at("2026-01-14T10:00:01Z");
    assertThat(runs.times()).containsExactly("2026-01-14T03:00:00Z");
    assertThat(runs.opened().get(0).trigger().get("schedule").toString()).contains("missed=3");
    assertThat(timers()).containsExactly("default/scan#0 2026-01-15 03:00:00");
  }

  @Test
  void missedTimesAreLeftOutWhereTheAuthorSaysSo() {
    ManualTimers server = server();
    server.deploy("scan", DAILY + ", missed: skip");
    server.at("2026-01-13T03:01:01Z");
    assertThat(runs.opened()).isEmpty();
    assertThat(timers()).containsExactly("default/scan#0 2026-01-14 03:00:00");
    server.at("2026-01-14T03:00:59Z");
    assertThat(runs.times()).containsExactly("2026-01-14T03:00:00Z");
  }

  @Test
  void clocksArePutForwardInBerlin() {
    ManualTimers server = new ManualTimers(database, runs, "2026-03-27T12:00:00Z");
    server.deploy("scan", "cron: \"0 30 2 * * *\", zone: Europe/Berlin");
    server.until("2026-03-31T12:00:00Z", Duration.ofMinutes(7));
    assertThat(runs.times())
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
  }

  @Test
  void clocksArePutBackInBerlin() {
    ManualTimers server = new ManualTimers(database, runs, "2026-10-24T12:00:00Z");
    server.deploy("scan", "cron: \"0 30 2 * * *\", zone: Europe/Berlin");
    server.until("2026-10-27T12:00:00Z", Duration.ofMinutes(7));
    assertThat(runs.times())
        .containsExactly(
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-26T01:30:00Z",
            "2026-10-27T01:30:00Z");
  }

  @Test
  void aFiringThatIsDoneTwiceOpensOneRun() {
    ManualTimers server = server();
    server.deploy("scan", DAILY);
    database.jdbc().sql("create table before as select * from timer").update();
    server.at("2026-01-11T03:00:00Z");
    // As if the server had died before it set the timer: taken, and silent since.
    database.jdbc().sql("delete from timer").update();
    database.jdbc().sql("insert into timer select * from before").update();
    database
        .jdbc()
        .sql("update timer set picked = true, last_heartbeat = '2026-01-11T03:00:00Z'")
        .update();
    server.at("2026-01-11T03:00:05Z");
    assertThat(runs.asked()).isEqualTo(1);
    server.time.tick(Duration.ofHours(1));
    server.findDead();
    server.at("2026-01-11T04:00:10Z");
    assertThat(runs.asked()).isEqualTo(2);
    assertThat(runs.times()).containsExactly("2026-01-11T03:00:00Z");
    assertThat(timers()).containsExactly("default/scan#0 2026-01-12 03:00:00");
  }

  @Test
  void aFiringThatFailsIsTriedAgainForTheSameTime() {
    ManualTimers server = server();
    server.deploy("scan", DAILY);
    runs.fail(3);
    server.at("2026-01-11T03:00:00Z");
    server.at("2026-01-11T03:00:02Z");
    server.at("2026-01-11T03:00:05Z");
    assertThat(runs.opened()).isEmpty();
    server.at("2026-01-11T03:00:20Z");
    assertThat(runs.times()).containsExactly("2026-01-11T03:00:00Z");
    assertThat(timers()).containsExactly("default/scan#0 2026-01-12 03:00:00");
  }

  @Test
  void timersFollowWhatIsInForce() {
    ManualTimers server = server();
    server.deploy("scan", DAILY, "cron: \"0 0 * * * *\"");
    server.deploy("other", DAILY);
    assertThat(timers()).hasSize(3);
    server.at("2026-01-10T12:30:00Z");
    server.deploy("scan", "cron: \"0 15 * * * *\"");
    assertThat(timers())
        .containsExactly(
            "default/other#0 2026-01-11 03:00:00", "default/scan#0 2026-01-10 13:15:00");
    server.workflows.registry().retire(ProjectName.DEFAULT, "api");
    server.sync();
    assertThat(timers()).isEmpty();
  }

  @Test
  void aTimerThatIsRightIsLeftAloneSoThatNothingMissedIsLost() {
    ManualTimers server = server();
    server.deploy("scan", DAILY);
    ManualTimers later = new ManualTimers(database, runs, "2026-01-12T12:00:00Z");
    later.workflows.registry().restore();
    later.sync();
    assertThat(timers()).containsExactly("default/scan#0 2026-01-11 03:00:00");
    later.at("2026-01-12T12:00:01Z");
    assertThat(runs.times()).containsExactly("2026-01-12T03:00:00Z");
  }

  @Test
  void aServerThatHasNotHeardOfAChangeDoesNotUndoIt() {
    ManualTimers one = server();
    ManualTimers other = server();
    one.deploy("scan", DAILY);
    other.workflows.registry().refresh();
    other.sync();
    one.deploy("scan", "cron: \"0 15 * * * *\"");
    other.sync();
    assertThat(timers()).containsExactly("default/scan#0 2026-01-10 12:15:00");
    other.at("2026-01-10T12:15:00Z"); // it does not know the schedule, and leaves it to the others
    assertThat(runs.opened()).isEmpty();
    one.at("2026-01-10T12:15:03Z");
    assertThat(runs.times()).containsExactly("2026-01-10T12:15:00Z");
    one.workflows.registry().retire(ProjectName.DEFAULT, "api");
    one.sync();
    other.sync();
    assertThat(timers()).isEmpty();
    one.deploy("scan", DAILY);
    other.workflows.registry().refresh();
    one.deploy("scan", DAILY, DAILY);
    other.sync();
    assertThat(timers()).hasSize(2);
  }

  @Test
  void aServerThatCannotDeployAWorkflowLeavesItsTimer() {
    ManualTimers one = server();
    one.deploy("scan", DAILY);
    ManualTimers other = server();
    other
        .workflows
        .deployments()
        .trouble(
            version -> {
              throw new IllegalStateException("no route");
            });
    other.workflows.registry().restore();
    other.sync();
    assertThat(timers()).containsExactly("default/scan#0 2026-01-11 03:00:00");
    other.at("2026-01-11T03:00:00Z");
    assertThat(runs.opened()).isEmpty();
    one.at("2026-01-11T03:00:02Z");
    assertThat(runs.times()).containsExactly("2026-01-11T03:00:00Z");
  }

  @Test
  void aPausedWorkflowKeepsItsTimes() {
    ManualTimers server = server();
    server.deploy("scan", DAILY);
    server.workflows.registry().pause(ProjectName.DEFAULT, new WorkflowName("scan"));
    server.sync();
    server.at("2026-01-11T03:00:00Z");
    assertThat(runs.times()).containsExactly("2026-01-11T03:00:00Z");
    assertThat(timers()).containsExactly("default/scan#0 2026-01-12 03:00:00");
  }

  @Test
  void whatCannotBeReadIsSetAsideAndTheOthersGoOn() {
    ManualTimers server = server();
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      server.deploy(name, DAILY);
    }
    database
        .jdbc()
        .sql(
            """
            update timer set task_data = '\\x00ff00', execution_time = '-infinity'
            where task_instance = 'default/a#0';
            update timer set task_data = null where task_instance = 'default/b#0';
            update timer set execution_time = null where task_instance = 'default/c#0';
            update timer set execution_time = 'infinity' where task_instance = 'default/d#0';
            update timer set picked = true where task_instance = 'default/e#0';
            insert into timer (task_name, task_instance, task_data, execution_time, picked, version)
            values ('schedule', 'nonsense', 'x', '2026-01-01', false, 1),
                   ('unknown', 'nonsense', 'x', '2026-01-01', false, 1),
                   ('schedule', '', null, '-infinity', false, -5)
            """)
        .update();
    server.at("2026-01-11T03:00:00Z");
    assertThat(runs.times()).contains("2026-01-11T03:00:00Z"); // of f
    server.at("2026-01-11T03:00:01Z");
    server.sync();
    assertThat(timers())
        .containsExactly(
            "default/a#0 2026-01-12 03:00:00",
            "default/b#0 2026-01-12 03:00:00",
            "default/c#0 2026-01-12 03:00:00",
            "default/d#0 2026-01-12 03:00:00",
            "default/e#0 2026-01-12 03:00:00",
            "default/f#0 2026-01-12 03:00:00",
            "nonsense 2026-01-01 00:00:00"); // of the unknown task: not theirs
    // What belongs to no project is shown in the default one.
    assertThat(new Quarantine(database.dataSource()).list(ProjectName.DEFAULT, 20, null))
        .hasSize(7);
    assertThat(new Quarantine(database.dataSource()).list(null, 20, null))
        .extracting(item -> item.kind() + ": " + item.subject())
        .containsExactlyInAnyOrder(
            "timer: schedule default/a#0",
            "timer: schedule default/b#0",
            "timer: schedule default/c#0",
            "timer: schedule default/d#0",
            "timer: schedule default/e#0",
            "timer: schedule nonsense",
            "timer: schedule ");
  }

  @Test
  void manySchedulesOfOneTimeAreAllDone() {
    ManualTimers server = server();
    for (int i = 0; i < 60; i++) {
      server.deploy("w" + i, DAILY);
    }
    for (int i = 0; i < 6; i++) {
      server.at("2026-01-11T03:00:0" + i + "Z");
    }
    assertThat(runs.opened()).hasSize(60);
  }
}
