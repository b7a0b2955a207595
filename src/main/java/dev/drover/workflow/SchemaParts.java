package dev.drover.workflow;

import dev.drover.yaml.AmountText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schemas that many keys of the language share. */
final class SchemaParts {
  static final Map<String, Object> TEXT = Map.of("type", "string");
  static final Map<String, Object> ANY = Map.of();
  static final Map<String, Object> NUMBER = Map.of("type", "number");
  static final Map<String, Object> COUNT = Map.of("type", "integer", "minimum", 0L);
  static final Map<String, Object> FLAG = Map.of("type", "boolean");
  static final Map<String, Object> OBJECT = Map.of("type", "object");
  static final Map<String, Object> DURATION =
      Map.of("type", "string", "pattern", "^([0-9]+(ms|s|m|h|d))+$");

  private SchemaParts() {}

  static <E extends Enum<E>> Map<String, Object> oneOf(Class<E> words) {
    return Map.of("enum", Words.of(words));
  }

  static Map<String, Object> either(List<Map<String, Object>> schemas) {
    return Map.of("oneOf", schemas);
  }

  static Map<String, Object> integer(long smallest, long largest) {
    return Map.of("type", "integer", "minimum", smallest, "maximum", largest);
  }

  static Map<String, Object> number(double smallest, double largest) {
    return Map.of("type", "number", "minimum", smallest, "maximum", largest);
  }

  static Map<String, Object> amountAboveZero() {
    return Map.of(
        "type", "number", "exclusiveMinimum", 0L, "maximum", AmountText.LARGEST.longValueExact());
  }

  static Map<String, Object> text(String regex) {
    return Map.of("type", "string", "pattern", whole(regex));
  }

  static Map<String, Object> listOf(Map<String, Object> items) {
    return Map.of("type", "array", "items", items);
  }

  static Map<String, Object> uniqueListOf(Map<String, Object> items) {
    return Map.of("type", "array", "items", items, "uniqueItems", true);
  }

  static Map<String, Object> nonEmptyListOf(Map<String, Object> items) {
    return Map.of("type", "array", "items", items, "minItems", 1L);
  }

  static Map<String, Object> mapOf(String key, Map<String, Object> value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("patternProperties", Map.of(whole(key), value));
    schema.put("additionalProperties", false);
    return schema;
  }

  private static String whole(String regex) {
    return "^" + regex + "$";
  }
}
