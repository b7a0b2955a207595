package dev.drover.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimelyStoreTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Artifact artifact =
      new Artifact(
          new UUID(0, 1),
          ProjectName.DEFAULT,
          new RunId(new UUID(0, 2)),
          NodeItem.of(new NodeId("a")),
          1,
          "report.txt",
          "text/plain",
          5,
          "",
          Instant.EPOCH);

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void whatAnswersInTimeIsPassedOn() throws IOException {
    ArtifactStore store = within(Duration.ofSeconds(10), new Fake(new CountDownLatch(0)));

    assertThat(store.open(artifact)).hasContent("words");
    assertThatIOException()
        .isThrownBy(() -> store.delete(artifact))
        .withMessage("the disk is read-only");
  }

  @Test
  void whatDoesNotAnswerIsGivenUpAndInterrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    ArtifactStore store = within(Duration.ofMillis(20), new Fake(interrupted));

    assertThatIOException()
        .isThrownBy(() -> store.open(artifact))
        .withMessageContaining("did not answer within");
    interrupted.await();
  }

  private ArtifactStore within(Duration limit, ArtifactStore store) {
    return new TimelyStore(store, executor, limit);
  }

  /** Stands still until it is interrupted, if there is something to count down. */
  private record Fake(CountDownLatch interrupted) implements ArtifactStore {
    @Override
    public void put(Artifact artifact, Path content) {}

    @Override
    public InputStream open(Artifact artifact) throws IOException {
      if (interrupted.getCount() > 0) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          interrupted.countDown();
          throw new InterruptedIOException();
        }
      }
      return new ByteArrayInputStream("words".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void delete(Artifact artifact) throws IOException {
      throw new IOException("the disk is read-only");
    }
  }
}
