package dev.drover.run;

import dev.drover.name.NodeId;
import java.time.Duration;

/** Hears what happens to runs, after it is durable. Must be quick and can't veto anything. */
public interface RunListener {
  /** A node was settled. */
  void nodeSettled(VersionId version, NodeId node, NodeState state, Duration took);

  /** An attempt of an agent ended. */
  void attemptEnded(Attempted attempt);

  /** A run ended. */
  void runEnded(RunId run, VersionId version, RunState state, Duration took);
}
