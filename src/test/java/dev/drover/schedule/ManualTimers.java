package dev.drover.schedule;

import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper.ManualSchedulerBuilder;
import dev.drover.TestDatabase;
import dev.drover.journal.RegistryFixture;
import dev.drover.journal.TimerRows;
import dev.drover.name.ProjectName;
import dev.drover.run.WorkflowRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** One server's schedules, whose clock and steps are the test's. */
final class ManualTimers {
  final RegistryFixture workflows;
  final OpenedRuns door;
  final SettableClock time = new SettableClock();
  final Schedules schedules;
  private final ManualScheduler scheduler;

  ManualTimers(TestDatabase database, OpenedRuns door, String now) {
    this.door = door;
    this.workflows = RegistryFixture.on(database.dataSource());
    time.set(Instant.parse(now));
    Clock clock = new Settable(time);
    TimerRows rows = new TimerRows(database.dataSource());
    schedules = new Schedules(workflows.registry(), rows, clock);
    Task<String> task =
        new ScheduleTask(schedules, new Firing(door, UUID::randomUUID), clock).task();
    ManualSchedulerBuilder builder =
        TestHelper.createManualScheduler(database.dataSource(), task)
            .clock(time)
            .tableName("timer");
    builder.serializer(new TextSerializer());
    builder.jdbcCustomization(new PostgreSqlJdbcCustomization(false, false));
    scheduler = builder.build();
  }

  /** Puts a workflow with these triggers in force, and the timers in step. */
  void deploy(String name, String... triggers) {
    StringBuilder yaml = new StringBuilder("name: " + name + "\ntriggers:\n");
    List.of(triggers).forEach(t -> yaml.append("  - schedule: {").append(t).append("}\n"));
    yaml.append("nodes:\n  a:\n    value: {x: 1}\n");
    WorkflowRegistry.Submission submission =
        workflows
            .registry()
            .submit(ProjectName.DEFAULT, name, yaml.toString(), WorkflowRegistry.API);
    if (submission instanceof WorkflowRegistry.Submission.Rejected rejected) {
      throw new IllegalArgumentException(rejected.problems().toString());
    }
    sync();
  }

  /** Looks often enough to look at the rows, too. */
  void sync() {
    for (int i = 0; i < 11; i++) {
      schedules.sync();
    }
  }

  void at(String now) {
    time.set(Instant.parse(now));
    scheduler.runAnyDueExecutions();
  }

  /** Goes on in steps, as a server that looks now and then. */
  void until(String end, Duration step) {
    while (time.now().isBefore(Instant.parse(end))) {
      time.tick(step);
      scheduler.runAnyDueExecutions();
    }
  }

  void findDead() {
    scheduler.runDeadExecutionDetection();
  }

  private static final class Settable extends Clock {
    private final SettableClock time;

    Settable(SettableClock time) {
      this.time = time;
    }

    @Override
    public Instant instant() {
      return time.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
