package dev.drover.workflow;

import dev.drover.json.JsonSchema;
import dev.drover.json.JsonSchema.Fault;
import dev.drover.name.AgentName;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.Entry;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the agents of a workflow are there, and would take what they are given. */
final class AgentCheck {
  /** What can be said of a value even if parts of it are not known yet. */
  private static final Set<String> INDEPENDENT_OF_PARTS =
      Set.of(
          "required",
          "additionalProperties",
          "type",
          "minProperties",
          "maxProperties",
          "minItems",
          "maxItems");

  private final String file;
  private final Problems problems;
  private final AgentCatalog agents;
  private final List<Problem> warnings = new ArrayList<>();

  AgentCheck(String file, Problems problems, AgentCatalog agents) {
    this.file = file;
    this.problems = problems;
    this.agents = agents;
  }

  /** What the author may want to know, though the workflow is valid. */
  List<Problem> warnings() {
    return warnings;
  }

  /** The agent that a step names, if there is one. */
  Optional<AgentName> check(StepDraft.Agent node) {
    YamlScalar subject = node.name();
    String name = subject.raw();
    Optional<AgentCatalog.Entry> agent =
        AgentName.isValid(name) ? agents.find(new AgentName(name)) : Optional.empty();
    if (agent.isEmpty()) {
      List<String> known = agents.names().stream().map(AgentName::value).sorted().toList();
      problems.reportWith(
          subject.position(),
          node.pathOf("agent"),
          "unknown agent " + Quote.of(name),
          () ->
              Suggestion.didYouMean(name, known)
                  .or(() -> Optional.of("there are: " + Quote.list(known))));
      return Optional.empty();
    }
    agent.get().unavailable().ifPresent(reason -> warn(node, reason));
    checkInput(node, agent.get().input());
    return Optional.of(new AgentName(name));
  }

  /** Whether the agent must never be started twice for the same work. */
  boolean isOnce(AgentName name) {
    return agents.find(name).filter(AgentCatalog.Entry::once).isPresent();
  }

  private void warn(StepDraft.Agent node, String reason) {
    String message =
        "agent %s is not available here: %s".formatted(Quote.of(node.name().raw()), reason);
    warnings.add(new Problem(file, node.name().position(), node.pathOf("agent"), message, null));
  }

  private void checkInput(StepDraft.Agent node, JsonSchema schema) {
    YamlMap with = node.with().orElseGet(() -> new YamlMap(node.name().position(), Map.of()));
    for (Fault fault : schema.faults(known(with))) {
      YamlValue part = part(with, fault.location());
      if (isCertain(fault, part)) {
        report(node, fault, part, schema);
      }
    }
  }

  /** Whether the fault will be there whatever the expressions give. */
  private static boolean isCertain(Fault fault, YamlValue part) {
    if (part instanceof YamlScalar scalar && isHole(scalar)) {
      // Text with an expression inside is text, whatever the expression gives.
      boolean text = TemplateText.of(scalar.raw()).parts().size() > 1;
      return text && fault.keyword().equals("type") && !fault.conditional();
    }
    return !hasHole(part)
        || (INDEPENDENT_OF_PARTS.contains(fault.keyword()) && !fault.conditional());
  }

  private void report(StepDraft.Agent node, Fault fault, YamlValue part, JsonSchema schema) {
    Position at = part.position();
    Optional<String> hint = Optional.empty();
    String property = fault.property().orElse("");
    if (fault.keyword().equals("additionalProperties") && part instanceof YamlMap map) {
      Entry entry = map.entries().get(property);
      at = entry == null ? at : entry.keyPosition();
      hint = Suggestion.didYouMean(property, declared(schema, fault.location()));
    }
    boolean empty = node.with().isEmpty();
    problems.report(
        at,
        node.pathOf(empty ? "agent" : "with") + path(fault.location()),
        "the agent does not take this: " + fault.message(),
        hint.orElse(null));
  }

  private static List<String> declared(JsonSchema schema, List<Object> location) {
    return location.isEmpty() && schema.source().get("properties") instanceof Map<?, ?> properties
        ? properties.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }

  private static String path(List<Object> location) {
    StringBuilder path = new StringBuilder();
    location.forEach(l -> path.append(l instanceof String ? "." + l : "[" + l + "]"));
    return path.toString();
  }

  private static YamlValue part(YamlValue value, List<Object> location) {
    YamlValue part = value;
    for (Object step : location) {
      YamlValue child =
          part instanceof YamlMap map
              ? map.get(String.valueOf(step))
              : part instanceof YamlList list && step instanceof Integer index
                  ? list.items().get(index)
                  : null;
      if (child == null) {
        return part;
      }
      part = child;
    }
    return part;
  }

  /** The value as far as it is known: text stands for what expressions will give. */
  private static @Nullable Object known(YamlValue value) {
    if (value instanceof YamlMap map) {
      Map<String, Object> known = new LinkedHashMap<>();
      map.entries().forEach((key, entry) -> known.put(key, known(entry.value())));
      return known;
    }
    return value.plain();
  }

  private static boolean isHole(YamlScalar scalar) {
    return scalar.value() instanceof String text && TemplateText.hasExpression(text);
  }

  private static boolean hasHole(YamlValue value) {
    if (value instanceof YamlMap map) {
      return map.entries().values().stream().anyMatch(entry -> hasHole(entry.value()));
    } else if (value instanceof YamlList list) {
      return list.items().stream().anyMatch(AgentCheck::hasHole);
    }
    return value instanceof YamlScalar scalar && isHole(scalar);
  }
}
