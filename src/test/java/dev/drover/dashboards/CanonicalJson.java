package dev.drover.dashboards;

import dev.drover.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which a dashboard's JSON is written: what fits stands on one line, what does not
 * has a line for each member, so that a change is as small in a diff as it is.
 */
final class CanonicalJson {
  private static final int WIDTH = 120;

  private CanonicalJson() {}

  /** A document, with the end of its last line. */
  static String of(Map<String, Object> document) {
    return text(document, "", 0) + "\n";
  }

  /** What has so many characters before it on its line, behind the indent. */
  private static String text(@Nullable Object value, String indent, int before) {
    String flat = flat(value);
    if (indent.length() + before + flat.length() <= WIDTH) {
      return flat;
    }
    String deeper = indent + "  ";
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      return map.entrySet().stream()
          .map(entry -> deeper + member(entry, deeper))
          .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      return list.stream()
          .map(item -> deeper + text(item, deeper, 1))
          .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
    }
    return flat;
  }

  private static String member(Map.Entry<?, ?> entry, String indent) {
    String key = Json.print(entry.getKey()) + ": ";
    return key + text(entry.getValue(), indent, key.length() + 1);
  }

  private static String flat(@Nullable Object value) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      return map.entrySet().stream()
          .map(entry -> Json.print(entry.getKey()) + ": " + flat(entry.getValue()))
          .collect(Collectors.joining(", ", "{ ", " }"));
    } else if (value instanceof List<?> list) {
      return list.stream().map(CanonicalJson::flat).collect(Collectors.joining(", ", "[", "]"));
    }
    return Json.print(value);
  }
}
