package dev.drover.server;

import dev.drover.workflow.CronRules;
import java.time.LocalDateTime;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/** Cron expressions as Spring knows them, which reckons the times of schedules, too. */
public final class SpringCron implements CronRules {
  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2024, 1, 1, 0, 0);

  @Override
  public Optional<String> problem(String cron) {
    try {
      return CronExpression.parse(cron).next(ANY_TIME) == null
          ? Optional.of("there is no such time")
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
