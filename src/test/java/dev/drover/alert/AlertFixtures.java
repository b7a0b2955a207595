package dev.drover.alert;

import com.google.re2j.Pattern;
import dev.drover.json.JsonSchema;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.workflow.Concurrency;
import dev.drover.workflow.Graph;
import dev.drover.workflow.Inputs;
import dev.drover.workflow.Trigger;
import dev.drover.workflow.Workflow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Bodies, alerts and workflows for the tests of alerts. */
public final class AlertFixtures {
  /** When the tests' bodies are received, unless they say otherwise. */
  public static final Instant NOW = Instant.parse("2026-11-21T17:00:00Z");

  /** Every captured body, by file name. */
  public static final List<String> CAPTURED =
      List.of(
          "01-firing-single",
          "02-firing-single-repeat",
          "05-group-50-all-firing",
          "06-group-50-mixed-30-firing-20-resolved",
          "07-group-30-after-partial-resolve",
          "10-unicode-firing",
          "12-empty-annotations",
          "14-truncated-10-of-25-firing",
          "15-truncated-10-of-25-status-lies-resolved",
          "16-receiver-name-regexp-quoted",
          "19-annotation-value-1",
          "20-annotation-value-2-same-fingerprint",
          "21-flap-fast-episode-1",
          "22-flap-fast-episode-2-no-resolved-between",
          "23-flap-slow-resolved",
          "24-flap-slow-refired",
          "25-before-restart",
          "26-after-restart-same-episode-new-startsAt",
          "30-ha-am-a",
          "31-ha-am-c-same-instant");

  private AlertFixtures() {}

  /** A body that a real Alertmanager sent. */
  public static byte[] captured(String name) {
    try (InputStream in =
        AlertFixtures.class.getResourceAsStream("/alertmanager/" + name + ".json")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a body that must be accepted. */
  public static AlertmanagerBody read(byte[] body) {
    try {
      return AlertmanagerBody.read(body, NOW);
    } catch (RejectedBody e) {
      throw new AssertionError(e);
    }
  }

  /** Reads a body that must be accepted. */
  public static AlertmanagerBody read(String body) {
    return read(utf8(body));
  }

  public static byte[] utf8(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /** A body of alerts, each already JSON. */
  public static byte[] body(List<String> alerts) {
    return utf8(
        "{\"receiver\":\"ops\",\"status\":\"firing\",\"alerts\":["
            + String.join(",", alerts)
            + "],\"groupLabels\":{\"alertname\":\"Load\"},\"groupKey\":\"{}:{}\"}");
  }

  public static byte[] body(String... alerts) {
    return body(List.of(alerts));
  }

  /** A firing alert as JSON. */
  public static String firing(String fingerprint, String startsAt) {
    return firing(fingerprint, startsAt, "it is high");
  }

  /** A firing alert as JSON. */
  public static String firing(String fingerprint, String startsAt, String summary) {
    return """
        {"status":"firing","labels":{"alertname":"Load","instance":"%s"},\
        "annotations":{"summary":"%s"},"startsAt":"%s","endsAt":"0001-01-01T00:00:00Z",\
        "generatorURL":"http://prometheus/graph","fingerprint":"%s"}"""
        .formatted(fingerprint, summary, startsAt, fingerprint);
  }

  /** A resolved alert as JSON. */
  public static String resolved(String fingerprint, String startsAt, String endsAt) {
    return """
        {"status":"resolved","labels":{"alertname":"Load","instance":"%s"},\
        "annotations":{"summary":"it was high"},"startsAt":"%s","endsAt":"%s",\
        "generatorURL":"http://prometheus/graph","fingerprint":"%s"}"""
        .formatted(fingerprint, startsAt, endsAt, fingerprint);
  }

  /** That many different alerts that fire. */
  public static List<String> many(int count, int annotationSize) {
    String summary = "x".repeat(annotationSize);
    return new ArrayList<>(
        IntStream.range(0, count)
            .mapToObj(i -> firing("f%06d".formatted(i), "2026-11-21T16:00:00Z", summary))
            .toList());
  }

  /** A workflow of the default project, in version 1. */
  public static DeployedWorkflow workflow(String name, Trigger... triggers) {
    return deployed(name, inputs(Map.of("type", "object")), List.of(triggers));
  }

  /** The same, whose runs share slots. */
  public static DeployedWorkflow workflow(
      String name, Concurrency concurrency, Trigger... triggers) {
    Inputs none = inputs(Map.of("type", "object"));
    return deployed(name, none, List.of(triggers), Optional.of(concurrency));
  }

  public static DeployedWorkflow deployed(String name, Inputs inputs, List<Trigger> triggers) {
    return deployed(name, inputs, triggers, Optional.empty());
  }

  private static DeployedWorkflow deployed(
      String name, Inputs inputs, List<Trigger> triggers, Optional<Concurrency> concurrency) {
    return new DeployedWorkflow(
        ProjectName.DEFAULT,
        1,
        new Workflow(
            new WorkflowName(name),
            "",
            triggers,
            inputs,
            Map.of(),
            new Graph(Map.of()),
            Map.of(),
            concurrency,
            Optional.empty(),
            Optional.empty()));
  }

  public static Inputs inputs(Map<String, Object> schema) {
    return new Inputs(JsonSchema.of(schema), Map.of());
  }

  /** Fires for alerts with that label. */
  public static Trigger perAlert(String label, String value) {
    return new AlertTrigger(label, new Trigger.Matcher.OneOf(List.of(value))).build();
  }

  /** Fires for groups of alerts with that label. */
  public static Trigger perGroup(String label, String value) {
    return new AlertTrigger(label, new Trigger.Matcher.OneOf(List.of(value))).perGroup().build();
  }

  /** Fires for every alert. */
  public static Trigger anyAlert() {
    return any().build();
  }

  /** Fires for every alert; to be completed. */
  public static AlertTrigger any() {
    return new AlertTrigger("alertname", new Trigger.Matcher.Regex(Pattern.compile(".*")));
  }

  /** An alert trigger, per alert unless it is said otherwise. */
  public static final class AlertTrigger {
    private final Map<String, Trigger.Matcher> match;
    private Trigger.Per per = Trigger.Per.ALERT;
    private Optional<Duration> cooldown = Optional.empty();
    private Trigger.OnResolved onResolved = Trigger.OnResolved.CONTINUE;

    private AlertTrigger(String label, Trigger.Matcher matcher) {
      this.match = Map.of(label, matcher);
    }

    public AlertTrigger perGroup() {
      per = Trigger.Per.GROUP;
      return this;
    }

    public AlertTrigger cooldown(Duration length) {
      cooldown = Optional.of(length);
      return this;
    }

    public AlertTrigger cancelledWhenResolved() {
      onResolved = Trigger.OnResolved.CANCEL;
      return this;
    }

    public Trigger build() {
      return new Trigger.Alert(match, per, cooldown, onResolved);
    }
  }

  /** Ids that count up, for tests that need to know them. */
  public static Supplier<UUID> counting() {
    return new Supplier<>() {
      private long next = 1;

      @Override
      public UUID get() {
        return new UUID(0, next++);
      }
    };
  }
}
