package dev.drover.workflow;

import dev.drover.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says after a failure which of the data that an expression reads is not there. */
final class MissingData {
  private final Scope scope;

  MissingData(Scope scope) {
    this.scope = scope;
  }

  /** What is missing, and the key that the evaluation stumbled over. */
  private record Gap(String key, String message) {}

  /** Of several gaps, the one that CEL's message names; else the first. */
  Optional<String> explain(List<Read> reads, String celMessage) {
    List<Gap> gaps = reads.stream().flatMap(read -> gap(read).stream()).toList();
    return gaps.stream()
        .filter(gap -> celMessage.contains("'" + gap.key() + "'"))
        .findFirst()
        .or(() -> gaps.stream().findFirst())
        .map(Gap::message);
  }

  private Optional<Gap> gap(Read read) {
    Object value = scope.plain(read.root());
    for (int i = 0; i < read.steps().size(); i++) {
      Object step = read.steps().get(i);
      if (!isPresent(value, step)) {
        return read.isGuarded(i) && (value instanceof Map || value == null)
            ? Optional.empty()
            : Optional.of(new Gap(String.valueOf(step), message(read, i, value)));
      }
      value = child(value, step);
    }
    return Optional.empty();
  }

  private static boolean isPresent(@Nullable Object value, Object step) {
    return step instanceof Long index
        ? value instanceof List<?> list && index >= 0 && index < list.size()
        : value instanceof Map<?, ?> map && map.containsKey(step);
  }

  private static @Nullable Object child(@Nullable Object value, Object step) {
    return step instanceof Long index
        ? value instanceof List<?> list ? list.get(index.intValue()) : null
        : value instanceof Map<?, ?> map ? map.get(step) : null;
  }

  private static String message(Read read, int broken, @Nullable Object parent) {
    String missing = read.path(broken + 1);
    if (parent instanceof Map<?, ?> map) {
      return missing + " is missing; " + present(map) + state(read, broken, map);
    } else if (parent instanceof List<?> list && read.steps().get(broken) instanceof Long) {
      return missing + " is missing; the list has " + list.size() + " items";
    }
    return missing + " is missing: " + read.path(broken) + " is of type " + Json.typeOf(parent);
  }

  private static String present(Map<?, ?> map) {
    return map.isEmpty() ? "there is nothing" : "there are: " + Quote.list(map.keySet());
  }

  /** A node that did not run has no output: its state is what the author needs to know. */
  private static String state(Read read, int broken, Map<?, ?> parent) {
    boolean ofNode = read.root().equals("nodes") && broken == 1;
    return ofNode && parent.get("status") instanceof String status
        ? " (the node is " + status + ")"
        : "";
  }
}
