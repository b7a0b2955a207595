package dev.drover.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A page of a list: the items, and what to give as {@code after} for the next page. */
final class Page {
  private Page() {}

  /** {@code found} holds one row more than {@code limit} if there is a next page. */
  static <T> Answer of(
      List<T> found, int limit, Function<T, ?> item, Function<T, String> position) {
    return Answer.ok(json(found, limit, item, position));
  }

  /** The same, for an answer that says more. */
  static <T> Map<String, Object> json(
      List<T> found, int limit, Function<T, ?> item, Function<T, String> position) {
    List<T> page = found.subList(0, Math.min(limit, found.size()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("items", page.stream().map(item).toList());
    json.put("next", found.size() > limit ? position.apply(page.get(limit - 1)) : null);
    return json;
  }
}
