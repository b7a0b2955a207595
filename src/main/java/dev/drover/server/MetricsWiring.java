package dev.drover.server;

import dev.drover.agent.Agents;
import dev.drover.alert.IntakeListener;
import dev.drover.alert.LoggedIntakeListener;
import dev.drover.alert.Spool;
import dev.drover.journal.ClusterRows;
import dev.drover.journal.PostgresJournal;
import dev.drover.journal.ServerLease;
import dev.drover.run.ClusterQueries;
import dev.drover.run.RunDispatcher;
import dev.drover.run.WorkflowRegistry;
import dev.drover.telemetry.AgentMetrics;
import dev.drover.telemetry.AlertMetrics;
import dev.drover.telemetry.ClusterMetrics;
import dev.drover.telemetry.JournalMetrics;
import dev.drover.telemetry.Meters;
import dev.drover.telemetry.RunMetrics;
import dev.drover.telemetry.ServerMetrics;
import dev.drover.telemetry.SpanExemplars;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** What is measured, and what is asked for it. */
@Configuration(proxyBeanMethods = false)
class MetricsWiring {
  @Bean
  Meters meters(MeterRegistry registry) {
    return new Meters(registry);
  }

  /** Boot hands it to the registry. */
  @Bean
  SpanExemplars spanExemplars() {
    return new SpanExemplars();
  }

  @Bean
  AgentMetrics agentMetrics(Meters meters) {
    return new AgentMetrics(meters);
  }

  @Bean
  RunMetrics runMetrics(Meters meters, AgentMetrics agents) {
    return new RunMetrics(meters, agents);
  }

  @Bean
  JournalMetrics journalMetrics(Meters meters) {
    return new JournalMetrics(meters);
  }

  @Bean
  AlertMetrics alertMetrics(Meters meters, Settings settings) {
    return new AlertMetrics(meters, settings.allProjects());
  }

  /** What hears of alerts and deliveries. */
  @Bean
  @Primary
  IntakeListener intakeListener(AlertMetrics metrics) {
    return new LoggedIntakeListener(metrics);
  }

  @Bean
  ServerMetrics serverMetrics(Meters meters) {
    String version = DroverServer.class.getPackage().getImplementationVersion();
    return new ServerMetrics(
        meters,
        version == null ? "(built from source)" : version,
        System.getProperty("java.version"));
  }

  @Bean
  ClusterMetrics clusterMetrics(Meters meters) {
    return new ClusterMetrics(meters, System::nanoTime);
  }

  @Bean
  ClusterQueries clusterQueries(DataSource database, Flyway migrated) {
    return new ClusterRows(database);
  }

  @Bean
  ClusterTicks clusterTicks(
      ClusterQueries queries,
      ClusterMetrics metrics,
      WorkflowRegistry workflows,
      Settings settings,
      Agents agents,
      AgentMetrics agentMetrics) {
    ClusterTicks.Seen seen =
        new ClusterTicks.Seen(queries, workflows, settings.allProjects(), agents);
    return new ClusterTicks(seen, metrics, agentMetrics);
  }

  /** Gauges of what is made elsewhere. */
  @Bean
  InitializingBean gauges(
      ServerMetrics server,
      RunDispatcher dispatcher,
      ServerLease lease,
      RunDispatcher.Carrying carrying) {
    return () -> {
      server.inFlight(dispatcher::inFlight, carrying.maxInFlight());
      server.lease(lease::isHeld, dispatcher::leaseLosses);
    };
  }

  @Bean
  InitializingBean queues(
      JournalMetrics journal,
      PostgresJournal writer,
      AlertMetrics alerts,
      Spool spool,
      Clock clock) {
    return () -> {
      journal.queue(writer::queued);
      alerts.spool(
          spool::size,
          () ->
              spool
                  .oldest()
                  .map(at -> Duration.between(at, clock.instant()))
                  .orElse(Duration.ZERO));
    };
  }
}
