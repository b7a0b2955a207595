package dev.drover.workflow;

import dev.drover.json.JsonSchema;
import dev.drover.yaml.Position;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what a workflow takes. */
final class InputsReader {
  private static final Set<String> REFERENCES =
      Set.of("$ref", "$dynamicRef", "$recursiveRef", "$id", "$schema", "$anchor");

  private final Problems problems;
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final Map<String, Object> defaults = new LinkedHashMap<>();
  private final List<Object> required = new ArrayList<>();

  InputsReader(Problems problems) {
    this.problems = problems;
  }

  Inputs read(YamlMap map, String path) {
    if (map.entries().size() > Grammar.MAX_ENTRIES) {
      problems.report(
          map.position(), path, "a workflow has at most " + Grammar.MAX_ENTRIES + " inputs");
    } else {
      map.entries()
          .forEach(
              (name, entry) -> {
                checkName(name, entry.keyPosition(), path + "." + name);
                DocumentMap.of(problems, Grammar.INPUT, entry.value(), path + "." + name)
                    .ifPresent(input -> one(name, input, entry.value(), path + "." + name));
              });
    }
    return inputs();
  }

  /** The inputs of a workflow that has none. */
  static Inputs none(Problems problems) {
    return new InputsReader(problems).inputs();
  }

  private Inputs inputs() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    schema.put("additionalProperties", false);
    return new Inputs(JsonSchema.of(schema), defaults);
  }

  private void checkName(String name, Position at, String path) {
    if (!name.matches(Grammar.INPUT_NAME)) {
      problems.report(
          at,
          path,
          "not an input's name: " + Quote.of(name),
          "letters, digits and underscores, beginning with a letter, at most 63");
    }
  }

  private void one(String name, DocumentMap input, YamlValue value, String path) {
    if (refers(value, path)) {
      return;
    }
    Map<String, Object> source = new LinkedHashMap<>(((YamlMap) value).plain());
    source.keySet().retainAll(Grammar.INPUT.names()); // what is unknown was reported
    boolean hasDefault = source.containsKey("default");
    Object fallback = source.remove("default");
    try {
      JsonSchema schema = JsonSchema.of(source);
      properties.put(name, source);
      if (!hasDefault) {
        required.add(name);
        return;
      }
      defaults.put(name, fallback);
      schema
          .faults(fallback)
          .forEach(
              fault ->
                  problems.report(
                      input.get("default").map(YamlValue::position).orElse(input.position()),
                      input.path("default"),
                      "the default does not fit the input: " + fault.message()));
    } catch (IllegalArgumentException e) {
      problems.report(input.position(), path, String.valueOf(e.getMessage()));
    }
  }

  /** References could make a schema endless. The depth of documents bounds the recursion. */
  private boolean refers(YamlValue value, String path) {
    boolean found = false;
    if (value instanceof YamlMap map) {
      for (var entry : map.entries().entrySet()) {
        if (REFERENCES.contains(entry.getKey())) {
          problems.report(
              entry.getValue().keyPosition(),
              path,
              Quote.of(entry.getKey()) + " is not allowed in inputs");
          found = true;
        }
        found |= refers(entry.getValue().value(), path + "." + entry.getKey());
      }
    } else if (value instanceof YamlList list) {
      for (YamlValue item : list.items()) {
        found |= refers(item, path);
      }
    }
    return found;
  }
}
