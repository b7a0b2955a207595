package dev.drover.schedule;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job as the scheduler's task: each has a name of its own, and one timer. */
final class JobTask {
  /** The one timer of each job. */
  static final String INSTANCE = "all";

  private static final Logger LOG = LoggerFactory.getLogger(JobTask.class);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** A job that goes on failing says so now and then. */
  private static final int SILENCE = 60;

  private final Job job;
  private final Clock clock;

  JobTask(Job job, Clock clock) {
    this.job = job;
    this.clock = clock;
  }

  static String name(Job job) {
    return "job-" + job.name();
  }

  Task<String> task() {
    return Tasks.custom(name(job), String.class)
        .onFailure(this::later)
        .onDeadExecution((complete, row) -> row.reschedule(complete, clock.instant()))
        .execute(
            (instance, context) -> {
              job.work().run();
              return (complete, row) -> row.reschedule(complete, clock.instant().plus(job.every()));
            });
  }

  private void later(ExecutionComplete complete, ExecutionOperations<String> row) {
    Execution execution = complete.getExecution();
    if (execution.consecutiveFailures % SILENCE == 0) {
      LOG.atWarn()
          .addKeyValue("job", job.name())
          .addKeyValue("failures", execution.consecutiveFailures + 1)
          .setCause(complete.getCause().orElse(null))
          .log("Housekeeping failed; trying again");
    }
    row.reschedule(complete, clock.instant().plus(delay(execution.consecutiveFailures)));
  }

  private Duration delay(int failures) {
    Duration growing = job.every().multipliedBy(1L << Math.min(failures, 6));
    return growing.compareTo(LONGEST_DELAY) < 0 ? growing : max(job.every(), LONGEST_DELAY);
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
