package dev.drover.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that one kind of map in a workflow document may have: the one source for the reader and
 * for the JSON Schema, so that they can't drift apart.
 */
final class KeyTable {
  private final String what;
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final Set<String> oneOf;
  private final Set<String> later;

  /**
   * A table.
   *
   * @param what the kind of map, for messages: "a node"
   * @param oneOf keys of which exactly one must be there; none if it is empty
   * @param later keys of the language that this version does not know yet
   */
  KeyTable(String what, List<Key> keys, Set<String> oneOf, Set<String> later) {
    this.what = what;
    keys.forEach(key -> this.keys.put(key.name(), key));
    this.oneOf = oneOf;
    this.later = later;
  }

  String what() {
    return what;
  }

  Set<String> names() {
    return keys.keySet();
  }

  Set<String> oneOf() {
    return oneOf;
  }

  Optional<Key> find(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  boolean isLater(String name) {
    return later.contains(name);
  }

  List<String> required() {
    return keys.values().stream().filter(Key::required).map(Key::name).toList();
  }

  /** The JSON Schema of such a map. */
  Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    keys.values()
        .forEach(
            key -> {
              Map<String, Object> property = new LinkedHashMap<>();
              property.put("description", key.description());
              property.putAll(key.schema());
              properties.put(key.name(), property);
            });
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required().isEmpty()) {
      schema.put("required", required());
    }
    if (!oneOf.isEmpty()) {
      schema.put("oneOf", names().stream().filter(oneOf::contains).map(this::requires).toList());
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private Map<String, Object> requires(String key) {
    return Map.of("required", List.of(key));
  }
}
