package dev.drover.alert;

import dev.drover.name.ProjectName;
import java.time.Duration;
import java.util.Optional;

/** Hears what became of alerts and deliveries, after it is durable. Must be quick. */
public interface IntakeListener {
  /** So many more alerts had this outcome. */
  void alerts(ProjectName project, AlertOutcome outcome, int alerts);

  /** An alert was resolved that was seen firing. */
  void resolved(ProjectName project, Duration fired);

  /**
   * A delivery was answered.
   *
   * @param project empty if who sent it may not know whether there is such a project
   */
  void answered(Optional<ProjectName> project, Answer answer);

  /** A delivery is durable, so long after it was received. */
  void took(ProjectName project, Duration time);

  /** What a sender is told of its delivery. */
  enum Answer {
    /** Its alerts are in the database. */
    STORED,
    /** It is on disk. */
    SPOOLED,
    /** It will not be taken. */
    REJECTED,
    /** It can't be taken now, and should come again. */
    OVERLOADED
  }

  /** All that there is to tell of a delivery that was stored, or kept in the spool. */
  default void heard(IntakeResult result) {
    result.outcomes().forEach((outcome, n) -> alerts(result.project(), outcome, n));
    result.fired().forEach(time -> resolved(result.project(), time));
  }
}
