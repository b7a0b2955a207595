package dev.drover.server;

import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertStore;
import dev.drover.journal.AlertRows;
import dev.drover.run.WorkflowRegistry;
import dev.drover.telemetry.RunMetrics;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Alerts: what takes them in, keeps them while the database is away, and ends what is due. */
@Configuration(proxyBeanMethods = false)
class AlertWiring {
  @Bean
  AlertStore alertStore(DataSource database, Flyway migrated, RunMetrics metrics, Clock clock) {
    return new AlertRows(database, metrics, clock);
  }

  @Bean
  AlertIntake alertIntake(
      AlertStore store, WorkflowRegistry workflows, Supplier<UUID> ids, Clock clock) {
    return new AlertIntake(
        store,
        project ->
            workflows.active(project).stream().map(WorkflowRegistry.Active::workflow).toList(),
        Optional::empty,
        ids,
        clock);
  }
}
