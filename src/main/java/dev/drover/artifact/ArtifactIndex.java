package dev.drover.artifact;

import dev.drover.name.ProjectName;
import dev.drover.run.RunId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which artifacts there are. All methods block on the database. */
public interface ArtifactIndex {
  /** Notes an artifact, before its content is stored: so that no content is ever forgotten. */
  void add(Artifact artifact);

  /** An artifact of a project. */
  Optional<Artifact> find(ProjectName project, UUID id);

  /**
   * An artifact that a run may read: of the same project, and left by a run of its family. That is
   * all runs below the same first one: those that nodes opened, and those that repeat others.
   */
  Optional<Artifact> readable(ProjectName project, RunId by, UUID id);

  /** Those that a run's nodes have left or kept, oldest first, from behind {@code after} on. */
  List<Artifact> of(RunId run, int limit, Optional<UUID> after);

  /**
   * Those that nobody can refer to any more, in the order of ids: their run is gone, and none that
   * repeats it is left; or it has ended, and the attempt is not the one whose output counts.
   *
   * @param before only those that are older
   */
  List<Artifact> garbage(Instant before, UUID after, int limit);

  /** Removes what is known of artifacts whose content is gone. */
  void forget(Collection<UUID> ids);
}
