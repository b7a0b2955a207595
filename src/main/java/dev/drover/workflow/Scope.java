package dev.drover.workflow;

import dev.cel.common.values.NullValue;
import dev.drover.name.NodeId;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What expressions of one run can see: {@code trigger}, {@code inputs}, {@code nodes}, {@code run},
 * {@code project}, each as plain JSON values, and {@code item} and {@code index} where there are
 * items. Making one copies none of the data.
 */
public final class Scope {
  private final Map<String, Object> variables;
  private final Map<NodeId, Map<String, Object>> nodes;

  /** {@code nodes} is read live: it may gain entries while the run goes on. */
  public Scope(
      Map<String, Object> trigger,
      Map<String, Object> inputs,
      Map<NodeId, Map<String, Object>> nodes,
      Map<String, Object> run,
      Map<String, Object> project) {
    this(
        Map.of(
            "trigger", new DataMap(trigger),
            "inputs", new DataMap(inputs),
            "nodes", new DataMap(new NodesView(nodes, Map.of())),
            "run", new DataMap(run),
            "project", new DataMap(project)),
        nodes);
  }

  private Scope(Map<String, Object> variables, Map<NodeId, Map<String, Object>> nodes) {
    this.variables = variables;
    this.nodes = nodes;
  }

  /** The same for one item of a forEach; {@code index} counts from 0. */
  public Scope withItem(@Nullable Object item, long index) {
    return with(Map.of("item", DataMap.wrap(item), "index", index));
  }

  /**
   * The same, but that node is seen as given here, fields {@code status}, {@code output} and {@code
   * error}: for the undoing of what a node, or one item of it, did.
   */
  public Scope withNode(NodeId id, Map<String, Object> node) {
    return with(Map.of("nodes", new DataMap(new NodesView(nodes, Map.of(id, node)))));
  }

  private Scope with(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(variables);
    all.putAll(more);
    return new Scope(Map.copyOf(all), nodes);
  }

  /** What CEL sees under the name of a root; empty where the root is not known. */
  Optional<Object> variable(String root) {
    return Optional.ofNullable(variables.get(root));
  }

  /** The same as plain JSON; null also where the root is not known. */
  @Nullable Object plain(String root) {
    Object value = variables.get(root);
    if (value instanceof DataMap map) {
      return map.raw();
    }
    return value instanceof DataList list ? list.raw() : value instanceof NullValue ? null : value;
  }

  /** Lets expressions look nodes up by the text of their ids. */
  private static final class NodesView extends AbstractMap<String, Object> {
    private final Map<NodeId, Map<String, Object>> nodes;
    private final Map<NodeId, Map<String, Object>> instead;

    /** What is in {@code instead} hides what is in {@code nodes}. */
    NodesView(Map<NodeId, Map<String, Object>> nodes, Map<NodeId, Map<String, Object>> instead) {
      this.nodes = nodes;
      this.instead = instead;
    }

    @Override
    public @Nullable Object get(Object key) {
      if (!(key instanceof String text) || !NodeId.isValid(text)) {
        return null;
      }
      NodeId id = new NodeId(text);
      Map<String, Object> hiding = instead.get(id);
      return hiding == null ? nodes.get(id) : hiding;
    }

    @Override
    public boolean containsKey(Object key) {
      return get(key) != null;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      Map<String, Object> byText = new LinkedHashMap<>();
      nodes.forEach((id, value) -> byText.put(id.value(), value));
      instead.forEach((id, value) -> byText.put(id.value(), value));
      return byText.entrySet();
    }
  }
}
