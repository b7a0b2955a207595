package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.journal.EntryQueue.Added;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Journal.LogLine;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What waits for the writer is bounded, and so is what it is given at once. */
class EntryQueueTest {
  private static final EntryQueue.Bounds BOUNDS = new EntryQueue.Bounds(3, 1_000, 32_000);

  private final EntryQueue queue = new EntryQueue(BOUNDS);

  @Test
  void beyondItsBoundRunsAreNotOpenedAndWhatHappensInRunsIsTaken() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(queue.add(open(""))).isEqualTo(Added.WAITS);
    }
    assertThat(queue.add(open(""))).isEqualTo(Added.NO_ROOM);
    assertThat(queue.add(park())).isEqualTo(Added.WAITS);
    assertThat(queue.take()).hasSize(4);
    assertThat(queue.add(open(""))).isEqualTo(Added.WAITS);
  }

  @Test
  void itsBoundCountsCharactersToo() throws Exception {
    assertThat(queue.add(open("x".repeat(2_000)))).isEqualTo(Added.WAITS);
    assertThat(queue.add(open(""))).isEqualTo(Added.NO_ROOM);
    assertThat(queue.take()).hasSize(1);
    assertThat(queue.add(open(""))).isEqualTo(Added.WAITS);
  }

  @Test
  void runsThatAreTakenOutMakeRoom() {
    for (int i = 0; i < 3; i++) {
      queue.add(open("some text"));
    }
    queue.add(park());
    assertThat(queue.removeOpens()).hasSize(3);
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.add(open("x".repeat(2_000)))).isEqualTo(Added.WAITS);
  }

  @Test
  void whatIsLargeTravelsInParts() throws Exception {
    for (int i = 0; i < 5; i++) {
      queue.add(log("x".repeat(20_000)));
    }
    assertThat(queue.take()).hasSize(2);
    assertThat(queue.take()).hasSize(2);
    assertThat(queue.take()).hasSize(1);
  }

  @Test
  void whatWaitsWhenItIsClosedIsStillGivenOutAndNothingIsAdded() throws Exception {
    queue.add(park());
    queue.close();
    assertThat(queue.add(park())).isEqualTo(Added.CLOSED);
    assertThat(queue.take()).hasSize(1);
    assertThat(queue.take()).isEmpty();
  }

  private static Entry open(String inputs) {
    RunId id = new RunId(UUID.randomUUID());
    RunRequest request =
        new RunRequest(
            id, ProjectName.DEFAULT, new WorkflowName("some"), 1, "test/" + id, Map.of(), Map.of());
    return new Entry.Open(request, "", inputs, Optional.empty(), new CompletableFuture<>());
  }

  private static Entry park() {
    return new Entry.Park(
        new RunId(UUID.randomUUID()), 1, "waits", Optional.empty(), new CompletableFuture<>());
  }

  private static Entry log(String text) {
    return new Entry.Log(
        new RunId(UUID.randomUUID()),
        NodeItem.of(new NodeId("a")),
        1,
        List.of(new LogLine(1, Instant.EPOCH, text)),
        new CompletableFuture<>());
  }
}
