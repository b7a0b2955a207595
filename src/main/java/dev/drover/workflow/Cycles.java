package dev.drover.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the cycles of a graph: one for each strongly connected component (Tarjan's algorithm, with
 * a stack of its own, because a workflow may be a chain of thousands of nodes).
 */
final class Cycles {
  private final Map<String, ? extends Collection<String>> dependencies;
  private final Map<String, Integer> order = new HashMap<>();
  private final Map<String, Integer> lowest = new HashMap<>();
  private final Deque<String> component = new ArrayDeque<>();
  private final Set<String> inComponent = new HashSet<>();
  private final List<Set<String>> found = new ArrayList<>();

  private Cycles(Map<String, ? extends Collection<String>> dependencies) {
    this.dependencies = dependencies;
  }

  /** A node on the way, and which of its dependencies are still to be visited. */
  private record Visit(String node, Iterator<String> rest) {}

  /**
   * For each component one cycle, each node followed by one that it depends on, the first node (the
   * component's first in the map's order) not repeated at the end.
   */
  static List<List<String>> of(Map<String, ? extends Collection<String>> dependencies) {
    Cycles cycles = new Cycles(dependencies);
    for (String node : dependencies.keySet()) {
      if (!cycles.order.containsKey(node)) {
        cycles.visit(node);
      }
    }
    List<List<String>> paths = new ArrayList<>();
    for (String node : dependencies.keySet()) {
      cycles.found.stream()
          .filter(c -> c.contains(node))
          .findFirst()
          .ifPresent(
              c -> {
                cycles.found.remove(c);
                paths.add(cycles.shortest(node, c));
              });
    }
    return paths;
  }

  private void visit(String start) {
    Deque<Visit> stack = new ArrayDeque<>();
    stack.push(enter(start));
    while (!stack.isEmpty()) {
      Visit visit = stack.element();
      if (visit.rest().hasNext()) {
        String next = visit.rest().next();
        if (!order.containsKey(next)) {
          stack.push(enter(next));
        } else if (inComponent.contains(next)) {
          lowest.merge(visit.node(), order.getOrDefault(next, 0), Math::min);
        }
      } else {
        stack.pop();
        leave(visit.node());
        if (!stack.isEmpty()) {
          lowest.merge(stack.element().node(), lowest.getOrDefault(visit.node(), 0), Math::min);
        }
      }
    }
  }

  private Visit enter(String node) {
    int number = order.size();
    order.put(node, number);
    lowest.put(node, number);
    component.push(node);
    inComponent.add(node);
    return new Visit(node, before(node).iterator());
  }

  private void leave(String node) {
    if (!lowest.getOrDefault(node, 0).equals(order.get(node))) {
      return;
    }
    Set<String> members = new HashSet<>();
    String member;
    do {
      member = component.pop();
      inComponent.remove(member);
      members.add(member);
    } while (!member.equals(node));
    if (members.size() > 1) {
      found.add(members);
    }
  }

  /** The shortest way from a node back to itself, within its component. */
  private List<String> shortest(String start, Set<String> members) {
    Map<String, String> cameFrom = new HashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      String node = open.remove();
      for (String next : before(node)) {
        if (next.equals(start)) {
          return path(node, start, cameFrom);
        }
        if (members.contains(next) && cameFrom.putIfAbsent(next, node) == null) {
          open.add(next);
        }
      }
    }
    throw new IllegalStateException("no cycle through " + start);
  }

  private static List<String> path(String last, String start, Map<String, String> cameFrom) {
    List<String> path = new ArrayList<>();
    for (String node = last; node != null && !node.equals(start); node = cameFrom.get(node)) {
      path.add(node);
    }
    path.add(start);
    Collections.reverse(path);
    return path;
  }

  private Collection<String> before(String node) {
    Collection<String> before = dependencies.get(node);
    return before == null ? List.of() : before;
  }
}
