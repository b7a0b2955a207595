package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What expressions of one run can see: {@code trigger}, {@code inputs}, {@code nodes}, {@code run},
 * {@code project}, each as plain JSON values. Making one copies none of the data.
 */
public final class Scope {
  private final Map<String, DataMap> variables;

  /** {@code nodes} is read live: it may gain entries while the run goes on. */
  public Scope(
      Map<String, Object> trigger,
      Map<String, Object> inputs,
      Map<NodeId, Map<String, Object>> nodes,
      Map<String, Object> run,
      Map<String, Object> project) {
    Map<String, DataMap> all = new HashMap<>();
    all.put("trigger", new DataMap(trigger));
    all.put("inputs", new DataMap(inputs));
    all.put("nodes", new DataMap(new NodesView(nodes)));
    all.put("run", new DataMap(run));
    all.put("project", new DataMap(project));
    this.variables = Map.copyOf(all);
  }

  /** By name of the root. */
  Map<String, DataMap> variables() {
    return variables;
  }

  /** Lets expressions look nodes up by the text of their ids. */
  private static final class NodesView extends AbstractMap<String, Object> {
    private final Map<NodeId, Map<String, Object>> nodes;

    NodesView(Map<NodeId, Map<String, Object>> nodes) {
      this.nodes = nodes;
    }

    @Override
    public @Nullable Object get(Object key) {
      return key instanceof String id && NodeId.isValid(id) ? nodes.get(new NodeId(id)) : null;
    }

    @Override
    public boolean containsKey(Object key) {
      return get(key) != null;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      Map<String, Object> byText = new LinkedHashMap<>();
      nodes.forEach((id, value) -> byText.put(id.value(), value));
      return byText.entrySet();
    }
  }
}
