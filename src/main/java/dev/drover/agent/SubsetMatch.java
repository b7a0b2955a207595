package dev.drover.agent;

import dev.drover.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether an output contains what a self-test expects. */
final class SubsetMatch {
  private SubsetMatch() {}

  /**
   * The first difference with its path, if there is one. An object may have further fields, a list
   * must be as long as expected, numbers are compared by value.
   */
  static Optional<String> difference(@Nullable Object expected, @Nullable Object actual) {
    return difference("$", expected, actual);
  }

  private static Optional<String> difference(
      String path, @Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Map<?, ?> wanted && actual instanceof Map<?, ?> found) {
      for (Map.Entry<?, ?> field : wanted.entrySet()) {
        String at = path + "." + field.getKey();
        Optional<String> difference =
            found.containsKey(field.getKey())
                ? difference(at, field.getValue(), found.get(field.getKey()))
                : Optional.of(at + " is missing");
        if (difference.isPresent()) {
          return difference;
        }
      }
      return Optional.empty();
    }
    if (expected instanceof List<?> wanted && actual instanceof List<?> found) {
      if (wanted.size() != found.size()) {
        return Optional.of(path + " has " + found.size() + " items, expected are " + wanted.size());
      }
      for (int i = 0; i < wanted.size(); i++) {
        Optional<String> difference = difference(path + "[" + i + "]", wanted.get(i), found.get(i));
        if (difference.isPresent()) {
          return difference;
        }
      }
      return Optional.empty();
    }
    return same(expected, actual)
        ? Optional.empty()
        : Optional.of(path + " is " + Json.print(actual) + ", expected is " + Json.print(expected));
  }

  private static boolean same(@Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Number a && actual instanceof Number b) {
      return a.doubleValue() == b.doubleValue() && a.longValue() == b.longValue();
    }
    return java.util.Objects.equals(expected, actual);
  }
}
