package dev.drover.workflow;

import com.google.re2j.PatternSyntaxException;
import dev.drover.json.Regex;
import dev.drover.workflow.Trigger.Matcher;
import dev.drover.workflow.Trigger.OnResolved;
import dev.drover.workflow.Trigger.Per;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what opens runs. */
final class TriggersReader {
  private static final String RESERVED_PATH = "alertmanager";

  private final Problems problems;
  private final ScheduleReader schedules;
  private final Set<String> webhookPaths = new HashSet<>();

  TriggersReader(Problems problems, ScheduleReader schedules) {
    this.problems = problems;
    this.schedules = schedules;
  }

  List<Trigger> read(YamlList list, String path) {
    List<Trigger> triggers = new ArrayList<>();
    if (list.items().size() > Grammar.MAX_ENTRIES) {
      problems.report(
          list.position(), path, "a workflow has at most " + Grammar.MAX_ENTRIES + " triggers");
      return triggers;
    }
    for (int i = 0; i < list.items().size(); i++) {
      DocumentMap.of(problems, TriggerGrammar.TRIGGER, list.items().get(i), path + "[" + i + "]")
          .ifPresent(trigger -> one(trigger, triggers));
    }
    return triggers;
  }

  private void one(DocumentMap trigger, List<Trigger> triggers) {
    trigger
        .get("alert")
        .flatMap(v -> DocumentMap.of(problems, TriggerGrammar.ALERT, v, trigger.path("alert")))
        .ifPresent(alert -> triggers.add(alert(alert)));
    trigger
        .get("webhook")
        .flatMap(v -> DocumentMap.of(problems, TriggerGrammar.WEBHOOK, v, trigger.path("webhook")))
        .flatMap(this::webhook)
        .ifPresent(triggers::add);
    trigger
        .get("schedule")
        .flatMap(
            v -> DocumentMap.of(problems, TriggerGrammar.SCHEDULE, v, trigger.path("schedule")))
        .flatMap(schedules::read)
        .ifPresent(triggers::add);
    // Every workflow can be started by hand, so that this one adds nothing.
    trigger
        .get("manual")
        .ifPresent(v -> DocumentMap.of(problems, TriggerGrammar.MANUAL, v, trigger.path("manual")));
  }

  private Trigger alert(DocumentMap alert) {
    Map<String, Matcher> matchers = new LinkedHashMap<>();
    alert
        .map("match")
        .ifPresent(
            match ->
                match
                    .entries()
                    .forEach(
                        (label, entry) ->
                            matcher(entry.value(), alert.path("match") + "." + label)
                                .ifPresent(matcher -> matchers.put(label, matcher))));
    return new Trigger.Alert(
        matchers,
        alert.word("per", Per.class).orElse(Per.ALERT),
        alert.duration("cooldown"),
        alert.word("onResolved", OnResolved.class).orElse(OnResolved.CONTINUE));
  }

  private Optional<Matcher> matcher(YamlValue value, String path) {
    if (value instanceof YamlMap) {
      return DocumentMap.of(problems, TriggerGrammar.MATCHER, value, path)
          .flatMap(m -> m.text("regex").flatMap(regex -> regex(regex, m.path("regex"))));
    } else if (value instanceof YamlList list) {
      return oneOf(list, path);
    }
    return labelValue(value, path).map(text -> new Matcher.OneOf(List.of(text)));
  }

  private Optional<Matcher> oneOf(YamlList list, String path) {
    if (list.items().isEmpty()) {
      problems.report(list.position(), path, "an empty list matches nothing");
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      labelValue(list.items().get(i), path + "[" + i + "]").ifPresent(values::add);
    }
    return Optional.of(new Matcher.OneOf(values));
  }

  private Optional<String> labelValue(YamlValue value, String path) {
    if (value instanceof YamlScalar scalar && scalar.value() instanceof String text) {
      return Optional.of(text);
    }
    problems.report(
        value.position(),
        path,
        "a label is matched by text, not " + DocumentMap.typeOf(value),
        value instanceof YamlScalar ? "put it in quotes" : null);
    return Optional.empty();
  }

  private Optional<Matcher> regex(YamlScalar regex, String path) {
    try {
      return Optional.of(new Matcher.Regex(Regex.compile(regex.raw())));
    } catch (PatternSyntaxException e) {
      problems.report(
          regex.position(),
          path,
          "bad regex: " + e.getDescription() + ": " + Quote.cut(e.getPattern()),
          "regexes are RE2 expressions: no look-around, no back references");
    }
    return Optional.empty();
  }

  private Optional<Trigger> webhook(DocumentMap webhook) {
    String place = webhook.path("path");
    YamlScalar path = webhook.text("path").orElse(null);
    if (path == null) {
      return Optional.empty();
    }
    if (!path.raw().matches(TriggerGrammar.WEBHOOK_PATH)) {
      problems.report(
          path.position(),
          place,
          "not a webhook's path: " + Quote.of(path.raw()),
          "lower case letters, digits and hyphens, at most 63");
    } else if (path.raw().equals(RESERVED_PATH)) {
      problems.report(
          path.position(), place, "the path \"alertmanager\" belongs to alert triggers");
    } else if (!webhookPaths.add(path.raw())) {
      problems.report(path.position(), place, "another trigger has this path already");
    } else {
      return Optional.of(new Trigger.Webhook(path.raw()));
    }
    return Optional.empty();
  }
}
