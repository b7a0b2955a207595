package dev.drover.artifact;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes artifacts that nobody can refer to any more: first the content, then what is known of it.
 * Stopped at any moment, it goes on there the next time.
 */
public final class ArtifactSweep implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactSweep.class);
  private static final int BATCH = 200;

  /** Longer than storing takes: what is being stored must not be swept away. */
  private static final Duration GRACE = Duration.ofHours(1);

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final ArtifactIndex index;
  private final ArtifactStore store;
  private final Clock clock;

  /** Sweeps what both know. */
  public ArtifactSweep(ArtifactIndex index, ArtifactStore store, Clock clock) {
    this.index = index;
    this.store = store;
    this.clock = clock;
  }

  /** Sweeps for five minutes at most; what is left is for the next time. */
  @Override
  public void run() {
    Instant begun = clock.instant();
    UUID after = new UUID(0, 0);
    int deleted = 0;
    List<Artifact> batch = index.garbage(begun.minus(GRACE), after, BATCH);
    while (!batch.isEmpty()) {
      deleted += delete(batch);
      after = batch.get(batch.size() - 1).id();
      boolean goesOn =
          !Thread.currentThread().isInterrupted()
              && Duration.between(begun, clock.instant()).compareTo(LONGEST) < 0;
      batch = goesOn ? index.garbage(begun.minus(GRACE), after, BATCH) : List.of();
    }
    if (deleted > 0) {
      LOG.atInfo().addKeyValue("artifacts", deleted).log("Deleted what nobody refers to");
    }
  }

  private int delete(List<Artifact> batch) {
    List<UUID> gone = new ArrayList<>();
    for (Artifact artifact : batch) {
      try {
        store.delete(artifact);
        gone.add(artifact.id());
      } catch (IOException e) {
        LOG.atWarn()
            .addKeyValue("artifact", artifact.id())
            .setCause(e)
            .log("An artifact could not be deleted; trying again later");
      }
    }
    index.forget(gone);
    return gone.size();
  }
}
