package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Journal.LastSettled;
import dev.drover.run.Journal.LogLine;
import dev.drover.run.Journal.NodeSettled;
import dev.drover.run.Journal.NodeWaiting;
import dev.drover.run.Journal.NotStorable;
import dev.drover.run.Journal.Opened;
import dev.drover.run.Journal.StaleEpoch;
import dev.drover.run.Lease;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunEnd;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.RunState;
import dev.drover.run.Wait;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writer tells everybody who waits, exactly what became of what they gave it. */
class GroupCommitIT {
  private static final RunEnd END =
      new RunEnd(RunState.SUCCEEDED, "nodes: 1 succeeded", Map.of("sum", 5), Optional.empty());
  private static final Duration SOON = Duration.ofSeconds(20);

  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
  private TestDatabase database;
  private ServerLease lease;
  private PostgresJournal journal;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    new WorkflowRows(database.dataSource())
        .save(ProjectName.DEFAULT, new WorkflowName("some"), "name: some", "api");
    lease =
        new ServerLease(
            database.dataSource(),
            new ServerLease.Settings("test", Duration.ofSeconds(30), false, UUID::randomUUID),
            new DatabaseClock());
    var unused = lease.renew();
    journal = new PostgresJournal(database.dataSource(), lease, callbacks);
  }

  @AfterEach
  void stop() {
    journal.close();
    callbacks.shutdownNow();
    database.close();
  }

  @Test
  void oneEntryThatIsRefusedIsSetApartFromTheOthersOfItsTransaction() {
    List<CompletableFuture<Opened>> opened = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      opened.add(journal.open(request(i == 31 ? 99 : 1), Optional.of(Instant.now())));
    }
    journal.start();
    for (int i = 0; i < 50; i++) {
      CompletableFuture<Opened> one = opened.get(i);
      if (i == 31) {
        assertThatThrownBy(one::join).hasCauseInstanceOf(NotStorable.class);
      } else {
        assertThat(one.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join())
            .isEqualTo(Opened.STARTED);
      }
    }
  }

  @Test
  void aFaultThatIsNoDatabasesConcernsItsOwnEntryAlone() {
    RunId bad = id();
    GroupCommit writer =
        new GroupCommit(
            entries -> {
              if (entries.stream().anyMatch(e -> runOf(e).equals(bad))) {
                throw new IllegalArgumentException("no way to write this");
              }
              return entries.stream().<Runnable>map(e -> () -> e.future().complete(null)).toList();
            },
            callbacks,
            Duration.ofSeconds(5),
            WriterListener.NONE);
    List<Entry.Log> entries = List.of(log(id()), log(bad), log(id()));
    entries.forEach(writer::add);
    writer.start();
    await().atMost(SOON).until(() -> entries.stream().allMatch(e -> e.future().isDone()));
    assertThat(entries.stream().map(e -> e.future().isCompletedExceptionally()))
        .containsExactly(false, true, false);
    writer.close();
  }

  @Test
  void opensFailAtOnceWhileTheDatabaseIsAwayAndOutcomesWaitForIt() {
    RunRequest request = request(1);
    journal.start();
    journal.open(request, Optional.of(Instant.now())).join();
    database.goAway();
    CompletableFuture<Void> outcome = journal.settle(settled(request.id(), "a"));
    await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
    CompletableFuture<Opened> late = journal.open(request(1), Optional.empty());
    await().atMost(Duration.ofSeconds(8)).until(late::isCompletedExceptionally);
    assertThat(outcome).isNotDone();
    database.comeBack();
    await().atMost(SOON).until(outcome::isDone);
    assertThat(outcome).isCompleted();
  }

  @Test
  void nobodyWaitsForEverForAWriterThatWasClosedWhileTheDatabaseWasAway() {
    RunRequest request = request(1);
    journal.start();
    journal.open(request, Optional.of(Instant.now())).join();
    database.goAway();
    List<CompletableFuture<Void>> outcomes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      outcomes.add(journal.settle(settled(request.id(), "n" + i)));
    }
    journal.close();
    outcomes.add(journal.settle(settled(request.id(), "late")));
    await().atMost(SOON).until(() -> outcomes.stream().allMatch(CompletableFuture::isDone));
    assertThat(outcomes).allMatch(CompletableFuture::isCompletedExceptionally);
    database.comeBack();
  }

  @Test
  void whoWaitsIsToldEvenWhenTheExecutorRefuses() {
    GroupCommit writer =
        new GroupCommit(
            entries ->
                entries.stream().<Runnable>map(e -> () -> e.future().complete(null)).toList(),
            task -> {
              throw new RejectedExecutionException("stopping");
            },
            Duration.ofSeconds(5),
            WriterListener.NONE);
    Entry.Log entry = log(id());
    writer.add(entry);
    writer.start();
    await().atMost(SOON).until(() -> entry.future().isDone());
    writer.close();
  }

  @Test
  void aWriteThatMeetsATakeOverNotYetCommittedIsRefused() throws Exception {
    RunRequest request = request(1);
    journal.start();
    journal.open(request, Optional.of(Instant.now())).join();
    CompletableFuture<Void> outcome;
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("delete from server"); // as whoever takes the server for dead
      statement.executeUpdate("update run set epoch = 2 where id = '" + request.id() + "'");
      outcome = journal.settle(settled(request.id(), "a"));
      await().atMost(SOON).until(() -> database.waitingForLocks() > 0);
      other.commit();
    }
    assertThat(lease.renew()).isEqualTo(Lease.Renewal.REPLACED);
    assertThatThrownBy(outcome::join).hasCauseInstanceOf(StaleEpoch.class);
    assertThat(database.jdbc().sql("select count(*) from node_run").query(Integer.class).single())
        .isZero();
  }

  @Test
  void aConnectionThatWasCutWhileNobodyUsedItIsReplacedUnnoticed() {
    journal.start();
    journal.open(request(1), Optional.of(Instant.now())).join();
    database.goAway();
    database.comeBack();
    RunRequest request = request(1);
    assertThat(journal.open(request, Optional.of(Instant.now())).join()).isEqualTo(Opened.STARTED);
    assertThat(journal.settle(settled(request.id(), "a"))).succeedsWithin(SOON);
  }

  @Test
  void ofTwoRequestsWithOneKeyTheSecondIsADuplicate() {
    journal.start();
    RunRequest first = request(1);
    RunRequest second =
        new RunRequest(
            id(), first.project(), first.workflow(), 1, first.dedupeKey(), Map.of(), Map.of());
    assertThat(journal.open(first, Optional.of(Instant.now())).join()).isEqualTo(Opened.STARTED);
    assertThat(journal.open(second, Optional.of(Instant.now())).join()).isEqualTo(Opened.DUPLICATE);
    assertThat(journal.open(first, Optional.of(Instant.now())).join()).isEqualTo(Opened.STARTED);
  }

  @Test
  void theLastOutcomeAndTheRunsEndAreWrittenTogether() {
    journal.start();
    RunRequest request = request(1);
    journal.open(request, Optional.of(Instant.now())).join();
    LastSettled last = journal.settleLast(settled(request.id(), "a"), END);
    assertThat(last.settled()).succeedsWithin(SOON);
    assertThat(last.ended()).succeedsWithin(SOON);
    assertThat(states(request.id())).isEqualTo("SUCCEEDED/SUCCEEDED");
  }

  @Test
  void ofAStaleTakeUpNeitherTheLastOutcomeNorTheEndIsWritten() {
    journal.start();
    RunRequest request = request(1);
    journal.open(request, Optional.of(Instant.now())).join();
    database.jdbc().sql("update run set epoch = 2").update();
    LastSettled last = journal.settleLast(settled(request.id(), "a"), END);
    assertThatThrownBy(last.settled()::join).hasCauseInstanceOf(StaleEpoch.class);
    assertThatThrownBy(last.ended()::join).hasCauseInstanceOf(StaleEpoch.class);
    assertThat(states(request.id())).isEqualTo("RUNNING/null");
  }

  @Test
  void theEndOfASubWorkflowsRunIsToldToItsParentInOneTransaction() {
    journal.start();
    RunRequest parent = request(1);
    RunRequest child = request(1);
    journal.open(parent, Optional.of(Instant.now())).join();
    journal.open(child, Optional.of(Instant.now())).join();
    database
        .jdbc()
        .sql(
            "update run set parent_run = :parent, parent_node = 'call', parent_item = '' where id = :child")
        .param("parent", parent.id().value())
        .param("child", child.id().value())
        .update();
    database
        .jdbc()
        .sql(
            """
            insert into node_run (run, node_id, state, wait)
            values (:parent, 'call', 'WAITING', :wait::json)
            """)
        .param("parent", parent.id().value())
        .param("wait", Json.print(new Wait.Child(child.id(), Optional.empty()).toJson()))
        .update();
    LastSettled last = journal.settleLast(settled(child.id(), "a"), END);
    assertThat(last.ended()).succeedsWithin(SOON);
    assertThat(states(child.id())).isEqualTo("SUCCEEDED/SUCCEEDED");
    assertThat(database.jdbc().sql("select run || kind from signal").query(String.class).list())
        .containsExactly(parent.id() + "CHILD_ENDED");
  }

  @Test
  void aWaitForAnotherChildForgetsTheEndOfTheFirst() {
    journal.start();
    RunRequest parent = request(1);
    RunId first = id();
    RunId second = id();
    journal.open(parent, Optional.of(Instant.now())).join();
    ended(parent.id(), first);

    journal.await(waiting(parent.id(), first)).join();
    assertThat(count("signal")).isOne(); // written again, perhaps
    journal.await(waiting(parent.id(), second)).join();
    assertThat(count("signal")).isZero();
  }

  private int count(String table) {
    return database.jdbc().sql("select count(*) from " + table).query(Integer.class).single();
  }

  private void ended(RunId parent, RunId child) {
    database
        .jdbc()
        .sql(
            "insert into signal (run, node_id, kind, data) values (?, 'call', 'CHILD_ENDED', ?::json)")
        .params(parent.value(), "{\"run\":\"%s\",\"outputs\":{\"a\":\"\\u0000\"}}".formatted(child))
        .update();
  }

  private static NodeWaiting waiting(RunId run, RunId child) {
    return new NodeWaiting(
        run,
        1,
        NodeItem.of(new NodeId("call")),
        new Wait.Child(child, Optional.empty()),
        1,
        Optional.empty(),
        Optional.empty(),
        Instant.now(),
        Instant.now());
  }

  /** Of the run and of its node. */
  private String states(RunId run) {
    return database
        .jdbc()
        .sql(
            """
            select r.state || '/' || coalesce(n.state, 'null')
            from run r left join node_run n on n.run = r.id
            where r.id = :run
            """)
        .param("run", run.value())
        .query(String.class)
        .single();
  }

  private static RunId id() {
    return new RunId(Generators.timeBasedEpochGenerator().generate());
  }

  private static RunRequest request(int version) {
    RunId id = id();
    return new RunRequest(
        id,
        ProjectName.DEFAULT,
        new WorkflowName("some"),
        version,
        "test/" + id,
        Map.of(),
        Map.of());
  }

  private static NodeSettled settled(RunId run, String node) {
    return new NodeSettled(
        run,
        1,
        NodeItem.of(new NodeId(node)),
        new NodeOutcome.Succeeded("done"),
        1,
        Optional.empty(),
        false,
        Optional.empty(),
        Instant.now());
  }

  private static Entry.Log log(RunId run) {
    List<LogLine> lines = List.of(new LogLine(1, Instant.EPOCH, "text"));
    return new Entry.Log(run, NodeItem.of(new NodeId("a")), 1, lines, new CompletableFuture<>());
  }

  private static RunId runOf(Entry entry) {
    return ((Entry.Log) entry).run();
  }
}
