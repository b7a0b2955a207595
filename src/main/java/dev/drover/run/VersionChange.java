package dev.drover.run;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.yaml.YamlDocument;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How the nodes of one version of a workflow differ from those of another. What counts is what is
 * written: layout, comments and the order of keys do not.
 */
public final class VersionChange {
  /** A version and itself. */
  public static final VersionChange NONE = new VersionChange(Map.of(), Map.of(), true);

  private final Map<String, Object> before;
  private final Map<String, Object> after;
  private final boolean none;

  private VersionChange(Map<String, Object> before, Map<String, Object> after, boolean none) {
    this.before = before;
    this.after = after;
    this.none = none;
  }

  /** From one document to another; both were valid once. */
  public static VersionChange between(String before, String after) {
    return new VersionChange(nodes(before), nodes(after), false);
  }

  private static Map<String, Object> nodes(String content) {
    return YamlDocument.read("", content)
        .root()
        .map(root -> Json.asObject(Json.asObject(root.plain()).get("nodes")))
        .map(HashMap::new)
        .orElseGet(HashMap::new);
  }

  /** Whether the node is in both. */
  public boolean isInBoth(NodeId node) {
    return none || (before.containsKey(node.value()) && after.containsKey(node.value()));
  }

  /** Whether the node is in both, and written the same. */
  public boolean isSame(NodeId node) {
    return none
        || (isInBoth(node) && Objects.equals(before.get(node.value()), after.get(node.value())));
  }
}
