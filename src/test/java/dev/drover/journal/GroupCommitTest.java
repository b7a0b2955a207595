package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Journal.Overloaded;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two threads take turns at the journal, so that neither news nor bugs in them hold it up. */
class GroupCommitTest {
  private final ExecutorService callbacks = Executors.newCachedThreadPool();
  private final GroupCommit writer =
      new GroupCommit(
          "test",
          entries -> entries.stream().<Runnable>map(e -> () -> e.future().complete(null)).toList(),
          callbacks,
          Duration.ofSeconds(1),
          new EntryQueue.Bounds(2, 1_000, 1_000),
          WriterListener.NONE);

  @AfterEach
  void stop() {
    writer.close();
    callbacks.shutdownNow();
  }

  @Test
  void whileOneThreadTellsItsNewsTheOtherWrites() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Entry.Park slow = park();
    CompletableFuture<Void> unused =
        slow.future()
            .thenRun(
                () -> {
                  told.countDown();
                  await(goOn);
                });
    writer.start();
    writer.add(slow);
    await(told);
    for (int i = 0; i < 10; i++) {
      Entry.Park other = park();
      writer.add(other);
      assertThat(other.future().get(10, TimeUnit.SECONDS)).isNull();
    }
    goOn.countDown();
  }

  @Test
  void newsMayWaitForEntriesOfTheirOwn() throws Exception {
    Entry.Park first = park();
    CompletableFuture<Void> all =
        first
            .future()
            .thenRun(
                () -> {
                  Entry.Park second = park();
                  writer.add(second);
                  second.future().join();
                });
    writer.start();
    writer.add(first);
    assertThat(all.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void runsBeyondTheBoundAreRefusedAtOnce() {
    List<Entry.Open> opens = List.of(open(), open(), open());
    opens.forEach(writer::add);
    assertThat(opens.get(1).future()).isNotDone();
    assertThatThrownBy(opens.get(2).future()::join).hasCauseInstanceOf(Overloaded.class);
  }

  @Test
  void whatWasNeverWrittenIsToldSoWhenItIsClosed() {
    Entry.Park entry = park();
    writer.add(entry);
    writer.close();
    assertThat(entry.future()).failsWithin(Duration.ofSeconds(10));
    Entry.Park late = park();
    writer.add(late);
    assertThat(late.future()).isCompletedExceptionally();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Entry.Open open() {
    RunId id = new RunId(UUID.randomUUID());
    RunRequest request =
        new RunRequest(
            id, ProjectName.DEFAULT, new WorkflowName("some"), 1, "test/" + id, Map.of(), Map.of());
    return new Entry.Open(request, "", "", Optional.empty(), new CompletableFuture<>());
  }

  private static Entry.Park park() {
    return new Entry.Park(
        new RunId(UUID.randomUUID()), 1, "waits", Optional.empty(), new CompletableFuture<>());
  }
}
