package dev.drover.workflow;

import java.util.Map;

/**
 * A key of the workflow language, as the reader and the JSON Schema for editors both need it.
 *
 * @param schema the JSON Schema of its value
 */
record Key(String name, boolean required, String description, Map<String, Object> schema) {
  static Key required(String name, String description, Map<String, Object> schema) {
    return new Key(name, true, description, schema);
  }

  static Key optional(String name, String description, Map<String, Object> schema) {
    return new Key(name, false, description, schema);
  }
}
