package dev.drover.workflow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JSON Schema of workflow documents, for editors: made of the tables that the reader itself
 * uses. It says less than the reader does, which also knows graphs, agents and expressions.
 */
public final class WorkflowSchema {
  private WorkflowSchema() {}

  /** The schema, draft 2020-12, as plain JSON values. */
  public static Map<String, Object> json() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Drover workflow");
    schema.putAll(Grammar.WORKFLOW.schema());
    return schema;
  }
}
