package dev.drover.alert;

import dev.drover.name.ProjectName;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws away from the delivery that it hears of: that is durable, and its
 * sender is told so.
 */
public record LoggedIntakeListener(IntakeListener listener) implements IntakeListener {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedIntakeListener.class);

  @Override
  public void alerts(ProjectName project, AlertOutcome outcome, int alerts) {
    guard(() -> listener.alerts(project, outcome, alerts));
  }

  @Override
  public void resolved(ProjectName project, Duration fired) {
    guard(() -> listener.resolved(project, fired));
  }

  @Override
  public void answered(Optional<ProjectName> project, Answer answer) {
    guard(() -> listener.answered(project, answer));
  }

  @Override
  public void took(ProjectName project, Duration time) {
    guard(() -> listener.took(project, time));
  }

  private static void guard(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("A listener of deliveries failed");
    }
  }
}
