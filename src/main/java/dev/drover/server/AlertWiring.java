package dev.drover.server;

import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertJobs;
import dev.drover.alert.AlertReception;
import dev.drover.alert.AlertStore;
import dev.drover.alert.AlertUpkeep;
import dev.drover.alert.Backlog;
import dev.drover.alert.IntakeListener;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.IntakeTraces;
import dev.drover.alert.Spool;
import dev.drover.alert.SpoolDrain;
import dev.drover.journal.AlertRows;
import dev.drover.journal.AlertUpkeepRows;
import dev.drover.journal.DataDirectory;
import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunListener;
import dev.drover.run.WorkflowRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Alerts: what takes them in, keeps them while the database is away, and ends what is due. */
@Configuration(proxyBeanMethods = false)
class AlertWiring {
  // More than there are threads for requests: only a database that hangs fills it.
  private static final int STORING = 128;
  private static final Duration DRAINING = Duration.ofSeconds(60);

  @Bean
  AlertRows alertStore(DataSource database, Flyway migrated, RunListener listener, Clock clock) {
    return new AlertRows(database, listener, clock);
  }

  @Bean
  AlertUpkeep alertUpkeep(DataSource database, Flyway migrated, RunListener listener) {
    return new AlertUpkeepRows(database, listener);
  }

  @Bean
  AlertIntake alertIntake(
      AlertStore store,
      WorkflowRegistry workflows,
      Supplier<UUID> ids,
      Clock clock,
      IntakeTraces traces) {
    return new AlertIntake(store, inForce(workflows), Optional::empty, ids, clock, traces);
  }

  @Bean
  Spool spool(Settings settings, DataDirectory directory) throws IOException {
    return Spool.open(directory.path().resolve("spool"), settings.alerts().spoolLimit().toBytes());
  }

  @Bean
  Backlog backlog(AlertUpkeep upkeep, Settings settings) {
    return new Backlog(upkeep, settings.runs().maxQueued());
  }

  /** Hears of what was stored after its sender was answered. */
  @Bean
  Consumer<IntakeResult> storedLate(IntakeListener listener, RunDispatcher dispatcher) {
    return result -> {
      listener.heard(result);
      if (result.hasQueuedWork()) {
        dispatcher.wake();
      }
    };
  }

  /** Its threads are no bean: Spring would take them for those of everybody. */
  @Bean
  AlertReception alertReception(
      AlertIntake intake, Spool spool, Backlog backlog, Consumer<IntakeResult> storedLate) {
    Executor storing =
        new ThreadPoolExecutor(
            0, STORING, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), Pools.daemon("storing"));
    return new AlertReception(intake, spool, backlog, storedLate, storing);
  }

  /** Nobody waits for what it stores: a slow database is better than none. */
  @Bean
  SpoolDrain spoolDrain(
      Spool spool,
      AlertIntake intake,
      AlertRows store,
      AlertUpkeep upkeep,
      Consumer<IntakeResult> storedLate) {
    return new SpoolDrain(spool, intake.into(store.within(DRAINING)), upkeep, storedLate);
  }

  @Bean
  AlertJobs alertJobs(
      AlertUpkeep upkeep,
      WorkflowRegistry workflows,
      Supplier<UUID> ids,
      Clock clock,
      Settings settings,
      IntakeTraces traces) {
    return new AlertJobs(
        upkeep, inForce(workflows), ids, clock, settings.alerts().expireAfter(), traces);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  AlertTicks alertTicks(
      Readiness readiness,
      Spool spool,
      SpoolDrain drain,
      AlertJobs jobs,
      IntakeListener listener,
      RunDispatcher dispatcher) {
    return new AlertTicks(readiness, spool, drain, jobs, listener, dispatcher);
  }

  private static Function<ProjectName, List<DeployedWorkflow>> inForce(WorkflowRegistry workflows) {
    return project ->
        workflows.active(project).stream().map(WorkflowRegistry.Active::workflow).toList();
  }
}
