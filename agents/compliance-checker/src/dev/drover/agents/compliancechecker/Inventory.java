package dev.drover.agents.compliancechecker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The components found so far. What several files tell of one package is put together: the first
 * place that has a line is shown, everything that is said of its licence counts.
 */
final class Inventory {
  /** A file that could not be looked at. */
  record Unchecked(String file, String reason) {}

  private static final int MOST_UNCHECKED = 100;
  private static final int MOST_COMPONENTS = 200_000;

  private final Map<String, Component> components = new LinkedHashMap<>();
  private final List<Unchecked> unchecked = new ArrayList<>();
  private int uncheckedCount;

  void add(Component component) {
    if (components.size() < MOST_COMPONENTS) {
      components.merge(component.key(), component, Inventory::merged);
    } else {
      unchecked(component.place().file(), "more than " + MOST_COMPONENTS + " packages");
    }
  }

  void unchecked(String file, String reason) {
    uncheckedCount++;
    if (unchecked.size() < MOST_UNCHECKED) {
      unchecked.add(new Unchecked(file, reason));
    }
  }

  /** How many files could not be looked at; the list is shorter if they are many. */
  int uncheckedCount() {
    return uncheckedCount;
  }

  List<Unchecked> unchecked() {
    return List.copyOf(unchecked);
  }

  /**
   * All components. One without a version is left out where the same one is known with a version.
   */
  Collection<Component> components() {
    Map<String, Component> versioned = new LinkedHashMap<>();
    for (Component component : components.values()) {
      if (!component.version().isEmpty()) {
        versioned.putIfAbsent(component.ecosystem() + "|" + component.name(), component);
      }
    }
    return components.values().stream()
        .filter(
            component ->
                !component.version().isEmpty()
                    || !component.claims().isEmpty()
                    || !versioned.containsKey(component.ecosystem() + "|" + component.name()))
        .toList();
  }

  private static Component merged(Component one, Component other) {
    boolean swap = one.place().line() == 0 && other.place().line() > 0;
    Component first = swap ? other : one;
    Component second = swap ? one : other;
    Component.Role role = one.role().compareTo(other.role()) <= 0 ? one.role() : other.role();
    Component all = first.with(second.claims());
    return new Component(
        all.ecosystem(), all.name(), all.version(), role, all.place(), all.claims());
  }
}
