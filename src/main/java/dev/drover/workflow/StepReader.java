package dev.drover.workflow;

import dev.drover.name.WorkflowName;
import dev.drover.workflow.StepDraft.Until;
import dev.drover.yaml.DurationText;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.Optional;

/** Reads what a node does, or what undoes it. */
final class StepReader {
  private final Problems problems;

  StepReader(Problems problems) {
    this.problems = problems;
  }

  /** Empty, and reported, if it can't be read. */
  Optional<StepDraft> read(DocumentMap map) {
    String kind = map.kind().orElse("");
    return switch (kind) {
      case "agent" -> agent(map);
      case "to" -> to(map);
      case "workflow" -> call(map);
      case "value" -> {
        refuseWith(map, kind, "write the expressions in \"value\" itself");
        yield map.get(kind).map(value -> new StepDraft.Value(map.path(), value));
      }
      case "approval" -> {
        refuseWith(map, kind, "write what the person needs to know in \"message\"");
        yield inner(map, kind, NodeGrammar.APPROVAL).flatMap(this::approval);
      }
      case "wait" -> {
        refuseWith(map, kind, "leave it out");
        yield inner(map, kind, NodeGrammar.WAIT).flatMap(this::wait);
      }
      default -> Optional.empty();
    };
  }

  private Optional<DocumentMap> inner(DocumentMap map, String kind, KeyTable table) {
    return map.get(kind).flatMap(v -> DocumentMap.of(problems, table, v, map.path(kind)));
  }

  private void refuseWith(DocumentMap map, String kind, String hint) {
    if (map.get("with").isPresent()) {
      problems.report(
          map.keyPosition("with"),
          map.path("with"),
          "\"with\" does not go with " + Quote.of(kind),
          hint);
    }
  }

  private Optional<StepDraft> agent(DocumentMap map) {
    Optional<YamlMap> with = map.map("with");
    return map.text("agent").map(name -> new StepDraft.Agent(map.path(), name, with));
  }

  private Optional<StepDraft> to(DocumentMap map) {
    return map.text("to").map(uri -> new StepDraft.To(map.path(), uri, map.get("with")));
  }

  private Optional<StepDraft> call(DocumentMap map) {
    Optional<YamlMap> with = map.map("with");
    YamlScalar name = map.text("workflow").orElse(null);
    if (name == null) {
      return Optional.empty();
    }
    if (!WorkflowName.isValid(name.raw())) {
      problems.report(
          name.position(),
          map.path("workflow"),
          "not a workflow's name: " + Quote.of(name.raw()),
          WorkflowName.RULE);
      return Optional.empty();
    }
    WorkflowName workflow = new WorkflowName(name.raw());
    return Optional.of(new StepDraft.Call(map.path(), workflow, name.position(), with));
  }

  private Optional<StepDraft> approval(DocumentMap map) {
    Optional<Duration> timeout = map.duration("timeout");
    Optional<Step.OnTimeout> onTimeout = map.word("onTimeout", Step.OnTimeout.class);
    if (map.get("onTimeout").isPresent() && map.get("timeout").isEmpty()) {
      problems.report(
          map.keyPosition("onTimeout"),
          map.path("onTimeout"),
          "\"onTimeout\" without \"timeout\": it waits for ever",
          "add a timeout, such as 1h");
    }
    return map.text("message")
        .map(
            message ->
                new StepDraft.Approval(
                    map.path(), message, timeout, onTimeout.orElse(Step.OnTimeout.REJECT)));
  }

  private Optional<StepDraft> wait(DocumentMap map) {
    Optional<Duration> timeout = map.duration("timeout");
    if (map.kind().equals(Optional.of("until"))) {
      return map.word("until", Until.class)
          .map(
              until ->
                  new StepDraft.WaitUntil(map.path(), until, map.valuePosition("until"), timeout));
    }
    if (map.get("timeout").isPresent() && map.get("for").isPresent()) {
      problems.report(
          map.keyPosition("timeout"),
          map.path("timeout"),
          "\"timeout\" does not go with \"for\", which says how long",
          "leave it out");
    }
    return map.text("for", DurationText.RULE)
        .filter(text -> TemplateText.hasExpression(text.raw()) || isTime(map, text))
        .map(text -> new StepDraft.WaitFor(map.path(), text));
  }

  private boolean isTime(DocumentMap map, YamlScalar text) {
    Optional<Duration> time = map.duration("for");
    if (time.isPresent() && time.get().compareTo(Step.WaitFor.LONGEST) > 0) {
      problems.report(
          text.position(),
          map.path("for"),
          "too long to wait: " + Quote.of(text.raw()),
          "at most " + Step.WaitFor.LONGEST.toDays() + "d");
      return false;
    }
    return time.isPresent();
  }
}
