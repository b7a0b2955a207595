package dev.drover.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.journal.Quarantine;
import dev.drover.journal.RegistryFixture;
import dev.drover.name.ProjectName;
import dev.drover.run.RunRequest;
import dev.drover.run.WorkflowRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two servers' timers on one database, by the real clock. */
class TimersClusterIT {
  private final TestDatabase database = TestDatabase.create();
  private final OpenedRuns runs = new OpenedRuns(database.jdbc());
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger doing = new AtomicInteger();
  private final AtomicBoolean together = new AtomicBoolean();
  private final Server one = new Server(database);
  private final Server other = new Server(database);

  @AfterEach
  void close() {
    one.timers.close();
    other.timers.close();
    database.close();
  }

  /** A server that has timers only. */
  private final class Server {
    final RegistryFixture workflows;
    final Timers timers;

    Server(TestDatabase database) {
      workflows = RegistryFixture.on(database.dataSource());
      Job job = new Job("count", Duration.ofSeconds(1), this::work);
      Job failing =
          new Job(
              "fail",
              Duration.ofSeconds(1),
              () -> {
                throw new IllegalStateException("this job always fails");
              });
      timers =
          new Timers(
              database.dataSource(),
              Clock.systemUTC(),
              workflows.registry(),
              new Timers.Doing(runs, UUID::randomUUID, List.of(job, failing)));
    }

    private void work() {
      together.compareAndSet(false, doing.incrementAndGet() > 1);
      done.incrementAndGet();
      doing.decrementAndGet();
    }

    void begin() {
      workflows.registry().refresh();
      timers.start();
    }

    void look() {
      workflows.registry().refresh();
      timers.look();
    }
  }

  private void deploy(int number) {
    String yaml =
        """
        name: w%d
        triggers:
          - schedule: { cron: "* * * * * *" }
        nodes:
          a:
            value: { x: 1 }
        """
            .formatted(number);
    one.workflows.registry().submit(ProjectName.DEFAULT, "w", yaml, WorkflowRegistry.API);
  }

  @Test
  void manySchedulesOfTwoServersFireOnceEachAndLoseNothing() {
    for (int i = 0; i < 40; i++) {
      deploy(i);
    }
    one.begin();
    other.begin();
    await().atMost(Duration.ofSeconds(60)).until(() -> runs.opened().size() >= 400);
    one.timers.close();
    other.timers.close();
    assertThat(runs.asked()).isEqualTo(runs.opened().size());
    assertNothingIsMissing();
    assertThat(done.get()).isBetween(2, 60);
    assertThat(together).isFalse();
  }

  /** Each run of a schedule stands for its own time and for those that it says it missed. */
  private void assertNothingIsMissing() {
    Map<String, Instant> last = new HashMap<>();
    for (RunRequest run : runs.opened()) {
      Map<?, ?> schedule = (Map<?, ?>) run.trigger().get("schedule");
      Instant at = Instant.parse((String) schedule.get("at"));
      long missed = (long) schedule.get("missed");
      Instant before = last.put(run.workflow().value(), at);
      if (before != null) {
        assertThat(at).isEqualTo(before.plusSeconds(1 + missed));
      }
    }
  }

  @Test
  void whatFellDueWhileTheDatabaseWasAwayIsMadeUp() {
    deploy(0);
    one.begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> runs.opened().size() >= 2);
    database.goAway();
    await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
    database.comeBack();
    int before = runs.opened().size();
    await().atMost(Duration.ofSeconds(40)).until(() -> runs.opened().size() >= before + 3);
    assertNothingIsMissing();
  }

  @Test
  void timersOfTasksThatNobodyKnowsAreSetAsideAndSpoiltJobsMended() {
    database
        .jdbc()
        .sql(
            """
            insert into timer (task_name, task_instance, task_data, execution_time, picked, version)
            values ('job-of-yesterday', 'all', 'x', now() - interval '2 minutes', false, 1),
                   ('job-of-tomorrow', 'all', 'x', now(), false, 1),
                   ('job-count', 'all', 'garbage', 'infinity', true, 1)
            """)
        .update();
    one.begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> done.get() > 0);
    assertThat(new Quarantine(database.dataSource()).list(null, 10, null))
        .extracting(Quarantine.Item::subject)
        .containsExactly("job-of-yesterday all");
    assertThat(
            database
                .jdbc()
                .sql("select task_name from timer order by task_name")
                .query(String.class)
                .list())
        .containsExactly("job-count", "job-fail", "job-of-tomorrow");
  }

  @Test
  void whatOneServerDeploysTheOtherFires() {
    other.begin();
    deploy(7);
    other.look();
    await().atMost(Duration.ofSeconds(20)).until(() -> !runs.opened().isEmpty());
    one.workflows.registry().retire(ProjectName.DEFAULT, "api");
    other.look();
    assertThat(
            database
                .jdbc()
                .sql("select count(*) from timer where task_name = 'schedule'")
                .query(Integer.class)
                .single())
        .isZero();
  }
}
