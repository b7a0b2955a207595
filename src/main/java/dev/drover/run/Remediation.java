package dev.drover.run;

import dev.drover.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether what a run did has helped: how its wait for the end of its alerts ended.
 *
 * @param took from the beginning of the first of them to the end of the last, if they were resolved
 */
public record Remediation(Result result, Optional<Duration> took) {
  /** How the wait ended. */
  public enum Result {
    /** All of them were resolved. */
    RESOLVED,
    /** They were not over in time. */
    TIMED_OUT,
    /** Nobody mentioned one of them for so long that it counts as over. */
    EXPIRED,
    /** The run was ended meanwhile. */
    CANCELLED
  }

  /**
   * From the outcome of the node that waited.
   *
   * @param trigger the run's
   * @param stop why the run is being ended, if it is
   * @return empty if the node failed: nothing is known of the alerts
   */
  public static Optional<Remediation> of(
      Map<String, Object> trigger, NodeOutcome outcome, Optional<RunStop> stop) {
    if (outcome instanceof NodeOutcome.Cancelled) {
      boolean late = stop.filter(s -> s.state() == RunState.TIMED_OUT).isPresent();
      return Optional.of(without(late ? Result.TIMED_OUT : Result.CANCELLED));
    }
    if (!(outcome instanceof NodeOutcome.Succeeded succeeded)
        || !(succeeded.output() instanceof Map<?, ?>)) {
      return Optional.empty();
    }
    Map<String, Object> output = Json.asObject(succeeded.output());
    if (Boolean.TRUE.equals(output.get("resolved"))) {
      Optional<Instant> end = time(output.get("at"));
      return Optional.of(
          new Remediation(Result.RESOLVED, begin(trigger).flatMap(b -> took(b, end))));
    }
    boolean expired = Boolean.TRUE.equals(output.get("expired"));
    return Optional.of(without(expired ? Result.EXPIRED : Result.TIMED_OUT));
  }

  private static Remediation without(Result result) {
    return new Remediation(result, Optional.empty());
  }

  /** Clocks of senders differ: none ends before it has begun. */
  private static Optional<Duration> took(Instant begin, Optional<Instant> end) {
    return end.map(at -> at.isBefore(begin) ? Duration.ZERO : Duration.between(begin, at));
  }

  private static Optional<Instant> begin(Map<String, Object> trigger) {
    Object group = trigger.get("alerts");
    List<?> alerts =
        group instanceof List<?> some ? some : Stream.ofNullable(trigger.get("alert")).toList();
    return alerts.stream()
        .filter(Map.class::isInstance)
        .flatMap(alert -> time(Json.asObject(alert).get("startsAt")).stream())
        .min(Instant::compareTo);
  }

  private static Optional<Instant> time(@org.jspecify.annotations.Nullable Object value) {
    try {
      return value instanceof String text ? Optional.of(Instant.parse(text)) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
