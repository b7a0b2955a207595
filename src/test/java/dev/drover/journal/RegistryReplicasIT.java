package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.TestDatabase;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.VersionId;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.run.WorkflowStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two servers' registries on one database. */
class RegistryReplicasIT {
  private static final ProjectName PROJECT = ProjectName.DEFAULT;
  private static final WorkflowName NAME = RegistryFixture.NAME;
  private static final String API = WorkflowRegistry.API;

  private final TestDatabase database = TestDatabase.create();
  private final RegistryFixture a = RegistryFixture.on(database.dataSource());
  private final RegistryFixture b = RegistryFixture.on(database.dataSource());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatOneDeploysTheOtherHasAfterItsNextLook() {
    a.submit("first", "some.yaml");
    b.registry().refresh();
    assertThat(b.inForce()).isEqualTo("first");
    assertThat(b.active().orElseThrow().source()).isEqualTo("some.yaml");
    a.submit("second", "some.yaml");
    b.registry().refresh();
    assertThat(b.inForce()).isEqualTo("second");
    VersionId second = new VersionId(PROJECT, NAME, 2);
    assertThat(b.deployments().deployed()).contains(second);
    assertThat(b.registry().active(PROJECT)).hasSize(1);
  }

  @Test
  void whatOneRetiresOrPausesTheOtherDoesToo() {
    a.submit("first", "some.yaml");
    b.registry().refresh();
    assertThat(a.registry().pause(PROJECT, NAME)).isTrue();
    assertThat(a.active().orElseThrow().paused()).isTrue();
    b.registry().refresh();
    assertThat(b.active().orElseThrow().paused()).isTrue();
    assertThat(b.registry().resume(PROJECT, NAME)).isTrue();
    a.registry().refresh();
    assertThat(a.active().orElseThrow().paused()).isFalse();
    a.registry().retire(PROJECT, "some.yaml");
    b.registry().refresh();
    assertThat(b.active()).isEmpty();
    assertThat(b.registry().pause(PROJECT, NAME)).isFalse();
    a.submit("first", "some.yaml");
    b.registry().refresh();
    assertThat(b.inForce()).isEqualTo("first");
    assertThat(b.active().orElseThrow().workflow().version()).isEqualTo(1);
  }

  @Test
  void aPausedWorkflowWhoseFileIsGoneCanBeResumedButNotPaused() {
    a.submit("first", "some.yaml");
    a.registry().pause(PROJECT, NAME);
    a.registry().retire(PROJECT, "some.yaml");
    assertThat(b.registry().resume(PROJECT, NAME)).isTrue();
    assertThat(a.store().heads()).extracting(WorkflowStore.Head::paused).containsExactly(false);
    assertThat(b.registry().pause(PROJECT, NAME)).isFalse();
    assertThat(a.store().heads()).extracting(WorkflowStore.Head::paused).containsExactly(false);
    assertThat(b.registry().resume(PROJECT, new WorkflowName("other"))).isFalse();
    assertThat(b.active()).isEmpty();
  }

  @Test
  void aNewVersionOfAPausedWorkflowIsPausedAndSoItIsAfterARestart() {
    a.submit("first", API);
    a.registry().pause(PROJECT, NAME);
    a.submit("second", API);
    assertThat(a.active().orElseThrow().paused()).isTrue();
    b.registry().restore();
    assertThat(b.active().orElseThrow().paused()).isTrue();
    assertThat(b.inForce()).isEqualTo("second");
  }

  @Test
  void aRefreshThatReadBeforeASubmissionDoesNotUndoIt() {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    WorkflowStore rows = new WorkflowRows(database.dataSource());
    WorkflowStore slow =
        (WorkflowStore)
            Proxy.newProxyInstance(
                WorkflowStore.class.getClassLoader(),
                new Class<?>[] {WorkflowStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("content")) {
                    meanwhile.getAndSet(() -> {}).run();
                  }
                  return method.invoke(rows, arguments);
                });
    RegistryFixture c = RegistryFixture.on(slow);
    a.submit("first", API);
    c.registry().refresh();
    a.submit("second", API);
    meanwhile.set(() -> c.submit("third", API));
    c.registry().refresh();
    assertThat(c.inForce()).isEqualTo("third");
    c.registry().refresh();
    assertThat(c.inForce()).isEqualTo("third");
  }

  @Test
  void twoServersWithTheSameFolderDoNotFight() {
    for (int round = 0; round < 3; round++) {
      a.submit("first", "some.yaml");
      b.submit("first", "some.yaml");
      a.registry().refresh();
      b.registry().refresh();
    }
    a.submit("second", "some.yaml");
    b.submit("second", "some.yaml");
    assertThat(a.store().versions(PROJECT, NAME)).hasSize(2);
    // The file gets another name: each server sees it go and come, in its own time.
    a.registry().retire(PROJECT, "some.yaml");
    a.submit("second", "other.yaml");
    b.registry().refresh();
    b.registry().retire(PROJECT, "some.yaml");
    b.submit("second", "other.yaml");
    a.registry().refresh();
    assertThat(a.active().orElseThrow().source()).isEqualTo("other.yaml");
    assertThat(b.active().orElseThrow().source()).isEqualTo("other.yaml");
    assertThat(a.store().versions(PROJECT, NAME)).hasSize(2);
  }

  @Test
  void theSameContentSubmittedAtOnceIsOneVersion() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      for (int round = 1; round <= 20; round++) {
        String description = "round " + round;
        List<Callable<Submission>> submissions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          RegistryFixture one = RegistryFixture.on(database.dataSource());
          submissions.add(() -> one.submit(description, API));
        }
        int created = 0;
        for (Future<Submission> done : threads.invokeAll(submissions)) {
          Submission.Accepted accepted = (Submission.Accepted) done.get();
          assertThat(accepted.workflow().version()).isEqualTo(round);
          created += accepted.created() ? 1 : 0;
        }
        assertThat(created).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(a.store().versions(PROJECT, NAME)).hasSize(20);
  }

  @Test
  void aVersionThatCannotBeDeployedLeavesTheOldOneCurrentEverywhere() {
    a.submit("first", API);
    a.deployments()
        .trouble(
            version -> {
              throw new IllegalStateException("no route");
            });
    assertThatThrownBy(() -> a.submit("second", API)).hasMessageContaining("no route");
    assertThat(a.inForce()).isEqualTo("first");
    assertThat(a.store().versions(PROJECT, NAME)).hasSize(1);
    b.registry().restore();
    assertThat(b.inForce()).isEqualTo("first");
    a.deployments().trouble(version -> {});
    a.submit("third", API);
    assertThat(a.deployments().description(new VersionId(PROJECT, NAME, 2))).isEqualTo("third");
  }

  @Test
  void aVersionWhoseSavingFailsBehindItsDeploymentIsTakenAway() {
    a.submit("first", API);
    a.deployments().trouble(version -> database.terminateOpenTransactions());
    assertThatThrownBy(() -> a.submit("second", API)).isInstanceOf(RuntimeException.class);
    a.deployments().trouble(version -> {});
    assertThat(a.inForce()).isEqualTo("first");
    a.submit("third", API);
    assertThat(a.deployments().description(new VersionId(PROJECT, NAME, 2))).isEqualTo("third");
  }

  @Test
  void whatCannotBePutInForceIsSetAsideOnceAndTheOthersAre() {
    a.submit("first", API);
    database
        .jdbc()
        .sql("update workflow_version set content = 'nodes: [' where workflow = 'some'")
        .update();
    a.registry().submit(PROJECT, "o", RegistryFixture.yaml("other", "good"), API);
    database
        .jdbc()
        .sql(
            """
            insert into workflow (project, name, current_version, source)
            values ('default', 'NOT A NAME', 1, 'api');
            insert into workflow_version (project, workflow, version, content, hash)
            values ('default', 'NOT A NAME', 1, 'x', 'x')
            """)
        .update();
    b.registry().restore();
    b.registry().refresh();
    RegistryFixture.on(database.dataSource()).registry().restore();
    assertThat(b.registry().active(PROJECT)).hasSize(1);
    List<Quarantine.Item> items = new Quarantine(database.dataSource()).list(null, 10, null);
    assertThat(items)
        .extracting(Quarantine.Item::kind, Quarantine.Item::subject)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("workflow", "default/some@1"),
            org.assertj.core.groups.Tuple.tuple("workflow", "default/NOT A NAME"));
    // Mended by a new version: in force at the next look.
    a.submit("mended", API);
    b.registry().refresh();
    assertThat(b.inForce()).isEqualTo("mended");
  }

  @Test
  void theOldVersionStaysInForceWhereTheNewOneCannotBeDeployed() {
    a.submit("first", API);
    b.registry().refresh();
    b.deployments()
        .trouble(
            version -> {
              throw new IllegalStateException("no route");
            });
    a.submit("second", API);
    b.registry().refresh();
    assertThat(b.inForce()).isEqualTo("first");
    b.deployments().trouble(version -> {});
    for (int round = 0; round < 61; round++) {
      b.registry().refresh();
    }
    assertThat(b.inForce()).isEqualTo("second");
  }

  @Test
  void aThousandWorkflowsAreLookedAtInMilliseconds() {
    for (int i = 0; i < 1_000; i++) {
      a.store().save(PROJECT, new WorkflowName("w" + i), RegistryFixture.yaml("w" + i, "x"), API);
    }
    b.registry().restore();
    b.registry().refresh();
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      b.registry().refresh();
    }
    long millis = (System.nanoTime() - start) / 20_000_000;
    assertThat(b.registry().active(PROJECT)).hasSize(1_000);
    assertThat(millis).as("milliseconds of one look").isLessThan(200);
  }
}
