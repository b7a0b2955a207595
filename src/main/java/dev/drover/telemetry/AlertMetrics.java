package dev.drover.telemetry;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.IntakeListener;
import dev.drover.name.ProjectName;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Alerts and their deliveries as metrics. */
public final class AlertMetrics implements IntakeListener {
  static final Metric ALERTS =
      Metric.counter(
          "drover.alerts",
          "alerts by their [outcome](alerts.md#identity-and-episodes): `new`, `duplicate`,"
              + " `resolved`, `resolved_unknown`, `stale`, `unmatched`, `suppressed`, `unreadable`,"
              + " `spooled`, `rejected` (a delivery that was not taken counts as one); and episodes"
              + " that `expired`. `project` is `-` where the sender may not know of it",
          "project",
          "outcome");
  static final Metric DELIVERIES =
      Metric.counter(
          "drover.deliveries",
          "deliveries of alerts by their answer: `stored`, `spooled`, `rejected` (4xx),"
              + " `overloaded` (503: to come again)",
          "project",
          "answer");
  static final Metric INTAKE =
      Metric.histogram(
          "drover.intake",
          "seconds",
          new double[] {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
          "from a delivery having been read to its being durable, in the database or on disk",
          "project");
  static final Metric SPOOLED =
      Metric.gauge(
          "drover.alerts.spooled",
          null,
          "deliveries that wait [on disk](alerts.md#while-the-database-is-away) to be stored");
  static final Metric SPOOLED_AGE =
      Metric.gauge(
          "drover.alerts.spooled.age",
          "seconds",
          "for how long the first of them has waited; 0: none waits");
  static final Metric DURATION =
      Metric.histogram(
          "drover.alert.duration",
          "seconds",
          Metric.ALERT_SECONDS,
          "alerts that were resolved, whether a workflow wanted them or not: from `startsAt` to"
              + " their end. Those that nobody saw firing are not in it",
          "project");

  private final Meters meters;

  /** Makes its meters there; the counters of these projects begin at 0. */
  public AlertMetrics(Meters meters, Collection<ProjectName> projects) {
    this.meters = meters;
    begin(Labels.NONE);
    projects.forEach(project -> begin(project.value()));
  }

  private void begin(String project) {
    for (AlertOutcome outcome : AlertOutcome.values()) {
      meters.counter(ALERTS, project, outcome.word());
    }
    for (Answer answer : Answer.values()) {
      meters.counter(DELIVERIES, project, Labels.word(answer));
    }
  }

  /**
   * Publishes what waits on disk.
   *
   * @param deliveries how many wait
   * @param age since when the first one waits; zero if there is none
   */
  public void spool(IntSupplier deliveries, Supplier<Duration> age) {
    meters.gauge(SPOOLED, deliveries::getAsInt);
    meters.gauge(SPOOLED_AGE, () -> age.get().toMillis() / 1_000.0);
  }

  @Override
  public void alerts(ProjectName project, AlertOutcome outcome, int alerts) {
    meters.counter(ALERTS, project.value(), outcome.word()).increment(alerts);
  }

  @Override
  public void resolved(ProjectName project, Duration fired) {
    meters.record(DURATION, fired, project.value());
  }

  @Override
  public void answered(Optional<ProjectName> project, Answer answer) {
    String whose = project.map(ProjectName::value).orElse(Labels.NONE);
    meters.counter(DELIVERIES, whose, Labels.word(answer)).increment();
    if (answer == Answer.REJECTED || answer == Answer.OVERLOADED) {
      meters.counter(ALERTS, whose, AlertOutcome.REJECTED.word()).increment();
    }
  }

  @Override
  public void took(ProjectName project, Duration time) {
    meters.record(INTAKE, time, project.value());
  }
}
