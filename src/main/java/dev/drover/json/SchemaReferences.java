package dev.drover.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses schemas whose references lead back to themselves at the same place of a value: validating
 * with one would never end. References that go deeper into the value, as those of trees, are fine.
 */
final class SchemaReferences {
  private static final List<String> HERE =
      List.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");
  private static final List<String> OTHER_REFERENCES =
      List.of("$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor");

  private final Map<String, Object> root;
  private final Set<Object> done = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

  private SchemaReferences(Map<String, Object> root) {
    this.root = root;
  }

  /**
   * Checks a whole schema.
   *
   * @throws IllegalArgumentException if its references never end, or are of a kind not followed
   */
  static void check(Map<String, Object> schema) {
    SchemaReferences references = new SchemaReferences(schema);
    references.visitAll(schema);
  }

  private void visitAll(Object value) {
    if (value instanceof Map<?, ?> map) {
      visit(map);
      map.values().forEach(child -> visitAll(child == null ? "" : child));
    } else if (value instanceof List<?> list) {
      list.forEach(child -> visitAll(child == null ? "" : child));
    }
  }

  /** Follows what applies to the same place of a value. */
  private void visit(Map<?, ?> schema) {
    if (done.contains(schema)) {
      return;
    }
    if (!underWay.add(schema)) {
      throw new IllegalArgumentException("not a JSON Schema: its references never end");
    }
    for (Object next : here(schema)) {
      if (next instanceof Map<?, ?> map) {
        visit(map);
      }
    }
    underWay.remove(schema);
    done.add(schema);
  }

  private List<Object> here(Map<?, ?> schema) {
    List<Object> here = new ArrayList<>();
    for (String keyword : HERE) {
      Object child = schema.get(keyword);
      if (child instanceof List<?> list) {
        here.addAll(list);
      } else if (child instanceof Map<?, ?> map && keyword.equals("dependentSchemas")) {
        here.addAll(map.values());
      } else if (child != null) {
        here.add(child);
      }
    }
    for (String keyword : OTHER_REFERENCES) {
      if (schema.get(keyword) instanceof String) {
        throw new IllegalArgumentException("not a JSON Schema that is understood: " + keyword);
      }
    }
    if (schema.get("$ref") instanceof String reference && reference.contains("%")) {
      throw new IllegalArgumentException(
          "not a JSON Schema that is understood: a $ref with percent signs; write the name as it is");
    }
    if (schema.get("$ref") instanceof String reference && reference.startsWith("#")) {
      Object target = target(reference);
      if (target != null) {
        here.add(target);
      }
    }
    return here;
  }

  private @Nullable Object target(String reference) {
    Object target = root;
    for (String step : reference.substring(1).split("/", -1)) {
      String key = step.replace("~1", "/").replace("~0", "~");
      if (target instanceof Map<?, ?> map && !key.isEmpty()) {
        target = map.get(key);
      } else if (target instanceof List<?> list && key.matches("[0-9]{1,6}")) {
        int index = Integer.parseInt(key);
        target = index < list.size() ? list.get(index) : null;
      }
    }
    return target;
  }
}
