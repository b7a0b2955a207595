package dev.drover.server;

import dev.drover.agent.Agents;
import dev.drover.name.ProjectName;
import dev.drover.run.Journal;
import dev.drover.run.RunDispatcher;
import dev.drover.run.WorkflowRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Brings a server up in the one order that loses nothing: projects, agents, routes, workflows, runs
 * that were in flight, and only then requests.
 */
@Component
class Startup implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
  private static final long LOOK_EVERY_MILLIS = 1_000;
  private static final long CLEAN_EVERY_MILLIS = 5_000;

  private final Settings settings;
  private final DataSource database;
  private final Folders folders;
  private final Agents agents;
  private final WorkflowRegistry workflows;
  private final Journal journal;
  private final RunDispatcher dispatcher;
  private final Readiness readiness;
  private final Clock clock;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Pools.daemon("folders"));

  Startup(
      Settings settings,
      DataSource database,
      Flyway migrated,
      Folders folders,
      Agents agents,
      Clock clock,
      WorkflowRegistry workflows,
      Journal journal,
      RunDispatcher dispatcher,
      Readiness readiness) {
    this.settings = settings;
    this.database = database;
    this.folders = folders;
    this.agents = agents;
    this.clock = clock;
    this.workflows = workflows;
    this.journal = journal;
    this.dispatcher = dispatcher;
    this.readiness = readiness;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    insertProjects();
    workflows.restore();
    folders.load();
    dispatcher.start();
    var unused =
        watch.scheduleWithFixedDelay(
            this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    var unusedToo =
        watch.scheduleWithFixedDelay(
            this::removeDrained, CLEAN_EVERY_MILLIS, CLEAN_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    readiness.set(true);
    LOG.atInfo()
        .addKeyValue("api", "http://" + settings.bind() + ":" + settings.port() + "/api")
        .addKeyValue(
            "metrics", "http://" + settings.bind() + ":" + settings.metricsPort() + "/metrics")
        .log("Drover is ready");
  }

  @PreDestroy
  void stop() {
    readiness.set(false);
    watch.shutdownNow();
  }

  private void insertProjects() {
    JdbcClient jdbc = JdbcClient.create(database);
    for (ProjectName project : settings.allProjects()) {
      jdbc.sql("insert into project (name) values (:name) on conflict do nothing")
          .param("name", project.value())
          .update();
    }
  }

  private void removeDrained() {
    try {
      workflows.removeDrained(journal);
    } catch (RuntimeException | Error e) {
      LOG.atWarn().setCause(e).log("Old versions could not be removed; trying again");
    }
  }

  private void look() {
    try {
      folders.load();
      agents.retest(clock.instant());
    } catch (RuntimeException | Error e) { // else nobody would ever look again
      LOG.atError().setCause(e).log("The folders could not be looked at; trying again");
    }
  }
}
