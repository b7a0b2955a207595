package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What whoever operates Drover wants to know beside runs. All methods block on the database. */
public interface OperatorQueries {
  /** Nodes that wait for an approval, newest runs first, from behind {@code after} on. */
  List<ApprovalView> approvals(ProjectName project, int limit, Optional<NodeOfRun> after);

  /**
   * What was set aside because it can't be read, newest first. What is of no project is shown in
   * the default one.
   */
  List<SetAsideView> quarantine(ProjectName project, int limit, Optional<UUID> after);

  /** What people did, newest first. */
  List<DeedView> audit(ProjectName project, int limit, Optional<UUID> after);

  /** The servers that share the database, oldest first. */
  List<ServerView> servers();

  /** A node of a run. */
  record NodeOfRun(RunId run, NodeId node) {}

  /**
   * A node that waits for an approval.
   *
   * @param until when it is decided without a person; null: never
   */
  record ApprovalView(
      NodeOfRun node, VersionId version, String message, Instant since, @Nullable Instant until) {}

  /**
   * Something that was set aside.
   *
   * @param raw what could not be read, as far as there is more to see than the subject
   */
  record SetAsideView(
      UUID id,
      Instant at,
      @Nullable String project,
      String kind,
      String subject,
      String reason,
      @Nullable String raw) {}

  /**
   * Something that somebody did.
   *
   * @param detail JSON text
   */
  record DeedView(
      UUID id, Instant at, String who, String action, String subject, @Nullable String detail) {}

  /**
   * A server.
   *
   * @param alive whether its lease holds; if not, others are about to take its runs up
   * @param inFlight how many runs it carries
   */
  record ServerView(
      UUID id, String name, Instant startedAt, Instant leaseUntil, boolean alive, long inFlight) {}
}
