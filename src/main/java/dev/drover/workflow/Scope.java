package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * What expressions of one run can see: {@code trigger}, {@code inputs}, {@code nodes}, {@code run},
 * {@code project}, each as plain JSON values.
 */
public final class Scope {
  private final Map<String, Object> variables;

  /** {@code nodes} is read live: it may gain entries while the run goes on. */
  public Scope(
      Map<String, Object> trigger,
      Map<String, Object> inputs,
      Map<NodeId, Map<String, Object>> nodes,
      Map<String, Object> run,
      Map<String, Object> project) {
    Map<String, Object> all = new HashMap<>();
    all.put("trigger", trigger);
    all.put("inputs", inputs);
    all.put("nodes", new NodesView(nodes));
    all.put("run", run);
    all.put("project", project);
    this.variables = Map.copyOf(all);
  }

  /** By name of the root. */
  Map<String, Object> variables() {
    return variables;
  }

  /** Lets expressions look nodes up by the text of their ids. */
  private static final class NodesView extends java.util.AbstractMap<String, Object> {
    private final Map<NodeId, Map<String, Object>> nodes;

    NodesView(Map<NodeId, Map<String, Object>> nodes) {
      this.nodes = nodes;
    }

    @Override
    public @org.jspecify.annotations.Nullable Object get(Object key) {
      return key instanceof String id && NodeId.isValid(id) ? nodes.get(new NodeId(id)) : null;
    }

    @Override
    public boolean containsKey(Object key) {
      return get(key) != null;
    }

    @Override
    public java.util.Set<Map.Entry<String, Object>> entrySet() {
      Map<String, Object> byText = new HashMap<>();
      nodes.forEach((id, value) -> byText.put(id.value(), value));
      return byText.entrySet();
    }
  }
}
