package dev.drover.artifact;

import dev.drover.agent.AttemptFiles;
import dev.drover.agent.FailureType;
import dev.drover.agent.FilesRefused;
import dev.drover.agent.HashedCopy;
import dev.drover.agent.LeftFile;
import dev.drover.name.ProjectName;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Keeps what attempts leave, and gives it to those that may have it. An artifact is noted before
 * its content is stored, and durable before the outcome that refers to it is: so a crash at any
 * moment leaves no reference without content, and no content that nobody knows.
 */
public final class Artifacts {
  private final ArtifactIndex index;
  private final ArtifactStore store;
  private final Supplier<UUID> ids;
  private final Clock clock;

  /**
   * @param ids gives ids in the order of time
   */
  public Artifacts(ArtifactIndex index, ArtifactStore store, Supplier<UUID> ids, Clock clock) {
    this.index = index;
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /** An artifact of a project. */
  public Optional<Artifact> find(ProjectName project, UUID id) {
    return index.find(project, id);
  }

  /** Those of a run, oldest first, from behind {@code after} on. */
  public List<Artifact> of(RunId run, int limit, Optional<UUID> after) {
    return index.of(run, limit, after);
  }

  /** Opens an artifact's content. */
  public InputStream open(Artifact artifact) throws IOException {
    return store.open(artifact);
  }

  /** The door for one attempt at a node. */
  public AttemptFiles of(ProjectName project, RunId run, NodeItem node, int attempt) {
    return new AttemptFiles() {
      @Override
      public void fetch(String artifact, Path to) throws FilesRefused, IOException {
        Artifacts.this.fetch(readable(project, run, artifact), to);
      }

      @Override
      public Map<String, Object> keep(LeftFile file) throws IOException {
        Artifact artifact =
            new Artifact(
                ids.get(),
                project,
                run,
                node,
                attempt,
                file.name(),
                file.mediaType(),
                file.size(),
                file.sha256(),
                clock.instant());
        asked(
            () -> {
              index.add(artifact);
              return artifact;
            });
        store.put(artifact, file.content());
        return file.reference(artifact.id());
      }
    };
  }

  private Artifact readable(ProjectName project, RunId run, String text)
      throws FilesRefused, IOException {
    Optional<UUID> id = id(text);
    Optional<Artifact> found =
        id.isPresent() ? asked(() -> index.readable(project, run, id.get())) : Optional.empty();
    return found.orElseThrow(
        () ->
            new FilesRefused(
                FailureType.MOUNT_REFUSED,
                "this run may read no artifact "
                    + id.map(UUID::toString).orElse("of such an id")
                    + ": it can be one of its own, of runs that it has opened or that opened it,"
                    + " and of those that these repeat"));
  }

  private static Optional<UUID> id(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A database that is away is no fault of the attempt's. */
  private static <T> T asked(Supplier<T> question) throws IOException {
    try {
      return question.get();
    } catch (RuntimeException e) {
      throw new IOException("the journal can't be asked for artifacts: " + e.getMessage(), e);
    }
  }

  private void fetch(Artifact artifact, Path to) throws IOException {
    HashedCopy copy;
    try (InputStream in = store.open(artifact)) {
      copy = HashedCopy.copy(in, to, artifact.size()); // no more than there must be
    }
    if (!copy.equals(new HashedCopy(artifact.size(), artifact.sha256()))) {
      throw new IOException("the content of artifact " + artifact.id() + " is not what was stored");
    }
  }
}
