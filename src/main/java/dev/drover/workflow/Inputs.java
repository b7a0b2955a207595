package dev.drover.workflow;

import dev.drover.json.JsonSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a workflow takes: an object whose properties have JSON Schema types, defaults, and are
 * required where there is no default.
 */
public final class Inputs {
  private final JsonSchema schema;
  private final Map<String, Object> defaults;

  /** {@code schema} is of an object and allows no other properties. */
  public Inputs(JsonSchema schema, Map<String, Object> defaults) {
    this.schema = schema;
    this.defaults = new LinkedHashMap<>(defaults);
  }

  /** The whole schema. */
  public JsonSchema schema() {
    return schema;
  }

  /** The names of those that must be given. */
  public List<String> withoutDefault() {
    return schema.source().get("properties") instanceof Map<?, ?> properties
        ? properties.keySet().stream()
            .map(String::valueOf)
            .filter(name -> !defaults.containsKey(name))
            .toList()
        : List.of();
  }

  /** What was given, completed by the defaults. */
  public Map<String, Object> complete(Map<String, Object> given) {
    Map<String, Object> all = new LinkedHashMap<>(defaults);
    all.putAll(given);
    return all;
  }

  /** What is wrong with completed inputs; empty if nothing. */
  public List<String> faults(Map<String, Object> complete) {
    return schema.validate(complete);
  }
}
