package dev.drover.journal;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.alert.AlertFixtures;
import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.RejectedBody;
import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** An intake on a database of its own, with workflows and a time that a test sets. */
final class IntakeFixture implements AutoCloseable {
  static final UUID OWNER = new UUID(4, 2);

  final TestDatabase database = TestDatabase.create();
  final AlertRows store;
  final AlertIntake intake;
  private final AtomicReference<Instant> now = new AtomicReference<>(AlertFixtures.NOW);
  private final AtomicReference<List<DeployedWorkflow>> workflows =
      new AtomicReference<>(List.of());
  private final AtomicReference<Runnable> insideTransaction = new AtomicReference<>(() -> {});

  IntakeFixture() {
    this.store = rows(database.dataSource());
    this.intake = intake(store);
  }

  AlertRows rows(DataSource dataSource) {
    return new AlertRows(
        JdbcClient.create(dataSource), new DataSourceTransactionManager(dataSource), clock());
  }

  AlertIntake intake(AlertRows rows) {
    return new AlertIntake(
        rows,
        project -> {
          insideTransaction.get().run();
          return workflows.get();
        },
        () -> Optional.of(OWNER),
        Generators.timeBasedEpochGenerator()::generate,
        clock());
  }

  /** Empties the tables; no workflow is deployed after it. */
  void reset() {
    insideTransaction.set(() -> {});
    workflows.set(List.of());
    now.set(AlertFixtures.NOW);
    database
        .jdbc()
        .sql("truncate run, workflow_version, alert_episode, alert_identity, delivery cascade")
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

  private Clock clock() {
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

  @Override
  public void close() {
    database.close();
  }
}
