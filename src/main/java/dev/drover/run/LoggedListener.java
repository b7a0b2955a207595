package dev.drover.run;

import dev.drover.name.NodeId;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws away from the run that it hears of: it is logged, the run goes on.
 */
public record LoggedListener(RunListener listener) implements RunListener {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedListener.class);

  @Override
  public void nodeSettled(VersionId version, NodeId node, NodeState state, Duration took) {
    guard(() -> listener.nodeSettled(version, node, state, took));
  }

  @Override
  public void attemptEnded(Attempted attempt) {
    guard(() -> listener.attemptEnded(attempt));
  }

  @Override
  public void runEnded(RunId run, VersionId version, RunState state, Duration took) {
    guard(() -> listener.runEnded(run, version, state, took));
  }

  private static void guard(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("A listener of runs failed");
    }
  }
}
