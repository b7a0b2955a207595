package dev.drover.server;

import dev.drover.journal.Audit;
import dev.drover.journal.Quarantine;
import dev.drover.journal.Retention;
import dev.drover.run.RunDispatcher;
import dev.drover.run.Tracing;
import dev.drover.run.WorkflowRegistry;
import dev.drover.schedule.Door;
import dev.drover.schedule.Job;
import dev.drover.schedule.Timers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What happens by the clock. Any bean of type {@link Job} is done as often as it says. */
@Configuration(proxyBeanMethods = false)
class HousekeepingWiring {
  private static final Duration RETENTION = Duration.ofMinutes(10);

  @Bean
  Quarantine quarantine(DataSource database, Flyway migrated) {
    return new Quarantine(database);
  }

  @Bean
  Audit audit(DataSource database, Flyway migrated, Supplier<UUID> ids) {
    return new Audit(database, ids);
  }

  @Bean
  Job retentionJob(Settings settings, DataSource database, Flyway migrated, Clock clock) {
    Settings.RetentionAges ages = settings.retention();
    Retention retention =
        new Retention(
            database, new Retention.Ages(ages.runs(), ages.logs(), ages.deliveries()), clock);
    return new Job("retention", RETENTION, retention);
  }

  @Bean
  Door door(RunDispatcher dispatcher, Tracing tracing) {
    return run -> dispatcher.open(run.traced(tracing.own(run.id(), Optional.empty())));
  }

  @Bean
  Timers.Doing timersDoing(Door door, Supplier<UUID> ids, List<Job> jobs) {
    return new Timers.Doing(door, ids, jobs);
  }

  @Bean(destroyMethod = "close")
  Timers timers(
      DataSource database,
      Flyway migrated,
      Clock clock,
      WorkflowRegistry workflows,
      Timers.Doing doing) {
    return new Timers(database, clock, workflows, doing);
  }
}
