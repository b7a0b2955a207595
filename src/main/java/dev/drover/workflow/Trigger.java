package dev.drover.workflow;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What opens a run. Every workflow can also be started by hand. */
public sealed interface Trigger {
  /**
   * An alert whose labels match; all matchers must hold. An absent label is the empty string.
   *
   * @param cooldown for how long after a run was opened the same alert (or group) opens none
   * @param onResolved what becomes of a run in flight when its alert is over
   */
  record Alert(
      Map<String, Matcher> match, Per per, Optional<Duration> cooldown, OnResolved onResolved)
      implements Trigger {
    public Alert {
      match = Map.copyOf(match);
    }

    /** Whether all matchers hold for an alert's labels. */
    public boolean matches(Map<String, String> labels) {
      return match.entrySet().stream()
          .allMatch(m -> m.getValue().matches(labels.getOrDefault(m.getKey(), "")));
    }
  }

  /** A POST to {@code /api/webhooks/<path>}. */
  record Webhook(String path) implements Trigger {}

  /**
   * Times at which runs are opened.
   *
   * @param cron six fields, seconds first, in the dialect that {@link CronRules} accept
   * @param zone in which the fields are read
   */
  record Schedule(String cron, ZoneId zone, Missed missed) implements Trigger {}

  /** What happens to times that passed while no server ran. */
  enum Missed {
    /** One run is opened for all of them. */
    ONCE,
    /** None is. */
    SKIP
  }

  /** What becomes of a run in flight when its alert is over. */
  enum OnResolved {
    CONTINUE,
    CANCEL
  }

  /** Whether each alert opens a run, or each notification group. */
  enum Per {
    ALERT,
    GROUP
  }

  /** What one label must be. */
  sealed interface Matcher {
    /** Whether the label's value is as wanted. */
    boolean matches(String value);

    /** One of the listed values; equality is a list of one. */
    record OneOf(List<String> values) implements Matcher {
      public OneOf {
        values = List.copyOf(values);
      }

      @Override
      public boolean matches(String value) {
        return values.contains(value);
      }
    }

    /** The whole value matches the RE2 expression (linear time, as Prometheus' own matchers). */
    record Regex(com.google.re2j.Pattern pattern) implements Matcher {
      @Override
      public boolean matches(String value) {
        return pattern.matcher(value).matches();
      }
    }
  }
}
