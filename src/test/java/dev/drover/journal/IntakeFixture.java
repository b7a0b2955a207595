package dev.drover.journal;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.alert.AlertFixtures;
import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertJobs;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertSource;
import dev.drover.alert.AlertStore;
import dev.drover.alert.AlertUpkeep;
import dev.drover.alert.AlertmanagerBody;
import dev.drover.alert.Delivery;
import dev.drover.alert.Episode;
import dev.drover.alert.EpisodeState;
import dev.drover.alert.Intake;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.IntakeTraces;
import dev.drover.alert.Matches;
import dev.drover.alert.RejectedBody;
import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunEvent;
import dev.drover.run.RunListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An intake on a database of its own, emptied before each test, with workflows and a time that a
 * test sets.
 */
final class IntakeFixture implements BeforeEachCallback, AfterAllCallback {
  static final UUID OWNER = new UUID(4, 2);

  static final Duration EXPIRE_AFTER = Duration.ofMinutes(485);

  final TestDatabase database = TestDatabase.create();
  final EndedRuns ended = new EndedRuns();
  final Supplier<UUID> ids = Generators.timeBasedEpochGenerator()::generate;
  final AlertRows store;
  final AlertIntake intake;
  final AlertUpkeepRows upkeep;
  final AlertJobs jobs;
  private final DeployedWorkflow[] atFirst;
  private final AtomicReference<Instant> now = new AtomicReference<>(AlertFixtures.NOW);
  private final AtomicReference<List<DeployedWorkflow>> workflows =
      new AtomicReference<>(List.of());
  private final AtomicReference<Runnable> insideTransaction = new AtomicReference<>(() -> {});

  /** With these workflows deployed before each test. */
  IntakeFixture(DeployedWorkflow... atFirst) {
    this.atFirst = atFirst;
    this.store = rows(database.dataSource());
    this.intake = intake(store);
    this.upkeep = new AlertUpkeepRows(database.dataSource(), ended);
    this.jobs = jobs(upkeep);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    reset();
    deploy(atFirst);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    database.close();
  }

  AlertRows rows(DataSource dataSource) {
    return new AlertRows(dataSource, ended, clock());
  }

  AlertIntake intake(AlertStore rows) {
    return new AlertIntake(
        new PausingStore(rows, () -> insideTransaction.get().run()),
        project -> workflows.get(),
        () -> Optional.of(OWNER),
        ids,
        clock(),
        IntakeTraces.OFF);
  }

  AlertJobs jobs(AlertUpkeep rows) {
    return new AlertJobs(
        rows, project -> workflows.get(), ids, clock(), EXPIRE_AFTER, IntakeTraces.OFF);
  }

  int expire() {
    return jobs.expire(new CountedIntake());
  }

  /** Empties the tables; no workflow is deployed after it. */
  void reset() {
    insideTransaction.set(() -> {});
    ended.runs.clear();
    workflows.set(List.of());
    now.set(AlertFixtures.NOW);
    database
        .jdbc()
        .sql(
            """
            truncate run, workflow_version, alert_episode, alert_identity, delivery, cooldown,
                     quarantine cascade
            """)
        .update();
  }

  void deploy(DeployedWorkflow... deployed) {
    for (DeployedWorkflow one : deployed) {
      database
          .jdbc()
          .sql(
              """
              insert into workflow_version (project, workflow, version, content, hash)
              values (?, ?, ?, '', '') on conflict do nothing
              """)
          .params(one.project().value(), one.workflow().name().value(), one.version())
          .update();
    }
    workflows.set(List.of(deployed));
  }

  void at(Instant time) {
    now.set(time);
  }

  /** Lets time pass. */
  void after(Duration time) {
    now.updateAndGet(t -> t.plus(time));
  }

  Instant now() {
    return now.get();
  }

  /** Has something done while identities are locked and nothing is written. */
  void insideTransaction(Runnable action) {
    insideTransaction.set(action);
  }

  IntakeResult receive(byte[] body) {
    return receive("alertmanager", body);
  }

  IntakeResult receive(String source, byte[] body) {
    try {
      return intake.receive(ProjectName.DEFAULT, source, body);
    } catch (RejectedBody e) {
      throw new AssertionError(e);
    }
  }

  Map<AlertOutcome, Integer> outcomes(byte[] body) {
    return receive(body).outcomes();
  }

  long count(String from) {
    return database.jdbc().sql("select count(*) from " + from).query(Long.class).single();
  }

  String text(String sql) {
    return database.jdbc().sql(sql).query(String.class).single();
  }

  Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }

  /** Which runs a listener heard of as ended. */
  static final class EndedRuns implements RunListener {
    final List<String> runs = new CopyOnWriteArrayList<>();

    @Override
    public void on(RunEvent event) {
      RunEvent.Ended ended = (RunEvent.Ended) event; // alerts settle no nodes and know no agents
      runs.add(ended.run().run() + " " + ended.run().version().workflow() + " " + ended.state());
    }
  }

  /** Does something between the locks and the decision. */
  private record PausingStore(AlertStore store, Runnable pause) implements AlertStore {
    @Override
    public Optional<Written<Intake>> receive(
        AlertSource source,
        AlertmanagerBody body,
        Involved involved,
        Function<Known, Intake> decide) {
      return store.receive(
          source,
          body,
          involved,
          known -> {
            pause.run();
            return decide.apply(known);
          });
    }

    @Override
    public Optional<Written<Matches>> replay(
        ProjectName project,
        UUID delivery,
        Optional<UUID> owner,
        Function<Unmatched, Matches> match) {
      return store.replay(project, delivery, owner, match);
    }

    @Override
    public List<Episode> episodes(
        ProjectName project, @Nullable EpisodeState state, int limit, @Nullable UUID after) {
      return store.episodes(project, state, limit, after);
    }

    @Override
    public List<Delivery> deliveries(
        ProjectName project, DeliveryFilter filter, int limit, @Nullable UUID after) {
      return store.deliveries(project, filter, limit, after);
    }
  }
}
