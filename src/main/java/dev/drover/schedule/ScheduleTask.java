package dev.drover.schedule;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.drover.run.WorkflowRegistry.Active;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the scheduler does when the time of a schedule has come. */
final class ScheduleTask {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleTask.class);

  /** A workflow that was just changed, or can't be deployed here, may be in step soon. */
  private static final Duration OUT_OF_STEP = Duration.ofSeconds(2);

  private static final int LONGEST_DELAY_SECONDS = 60;

  private final Schedules schedules;
  private final Firing firing;
  private final Clock clock;

  ScheduleTask(Schedules schedules, Firing firing, Clock clock) {
    this.schedules = schedules;
    this.firing = firing;
    this.clock = clock;
  }

  Task<String> task() {
    return Tasks.custom(Schedules.TASK, String.class)
        .onFailure(this::later)
        .onDeadExecution((complete, row) -> row.reschedule(complete, clock.instant()))
        .execute((instance, context) -> execute(instance));
  }

  private CompletionHandler<String> execute(TaskInstance<String> instance) {
    try {
      ScheduleId id =
          ScheduleId.parse(instance.getId())
              .orElseThrow(() -> new TimerData.Unreadable("its name is not one of a schedule"));
      return execute(id, TimerData.read(instance.getData()));
    } catch (TimerData.Unreadable e) {
      schedules.setAside(instance.getId(), String.valueOf(e.getMessage()));
      return (complete, row) -> {}; // there is no row any more
    }
  }

  private CompletionHandler<String> execute(ScheduleId id, TimerData data) {
    Optional<Active> active = schedules.inForce(id, data.schedule());
    Instant now = clock.instant();
    if (active.isEmpty()) {
      return (complete, row) -> set(complete, row, now.plus(OUT_OF_STEP), data);
    }
    if (data.due().isAfter(now)) { // it was set to an earlier time by hand
      return (complete, row) -> set(complete, row, data.due(), data);
    }
    firing.fire(active.get(), id, data, now);
    Optional<Instant> next = new Times(data.schedule()).next(now);
    return (complete, row) -> {
      if (next.isPresent()) {
        set(complete, row, next.get(), new TimerData(data.schedule(), next.get()));
      } else {
        row.remove();
      }
    };
  }

  private static void set(
      ExecutionComplete complete, ExecutionOperations<String> row, Instant time, TimerData data) {
    try {
      row.reschedule(complete, time, data.print());
    } catch (ExecutionException e) {
      LOG.atDebug().setCause(e).log("The timer was changed meanwhile, which counts");
    }
  }

  /** The time that is due stays in the data. */
  private void later(ExecutionComplete complete, ExecutionOperations<String> row) {
    int failures = complete.getExecution().consecutiveFailures;
    int seconds = failures >= 6 ? LONGEST_DELAY_SECONDS : 1 << failures;
    LOG.atWarn()
        .addKeyValue("schedule", complete.getExecution().getId())
        .addKeyValue("again", seconds + "s")
        .setCause(complete.getCause().orElse(null))
        .log("A schedule could not open its run; trying again");
    row.reschedule(complete, clock.instant().plusSeconds(seconds));
  }
}
