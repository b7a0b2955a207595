package dev.drover.workflow;

import java.util.List;
import java.util.Map;

/** What opens a run. Every workflow can also be started by hand. */
public sealed interface Trigger {
  /** An alert whose labels match; all matchers must hold. An absent label is the empty string. */
  record Alert(Map<String, Matcher> match, Per per) implements Trigger {
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
