package dev.drover.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a YAML document that knows where it stands, so that every problem can say where. */
public sealed interface YamlValue {
  /** Where the value begins. */
  Position position();

  /** The same as plain JDK values, as {@link dev.drover.json.Json} has them. */
  @Nullable Object plain();

  /** A mapping, in the order of the document. */
  record YamlMap(Position position, Map<String, Entry> entries) implements YamlValue {
    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      entries.forEach((key, entry) -> plain.put(key, entry.value().plain()));
      return plain;
    }

    /** The value under a key. */
    public @Nullable YamlValue get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }
  }

  /** A sequence. */
  record YamlList(Position position, List<YamlValue> items) implements YamlValue {
    @Override
    public List<Object> plain() {
      List<Object> plain = new ArrayList<>();
      items.forEach(item -> plain.add(item.plain()));
      return plain;
    }
  }

  /** A string, Long, Double, Boolean or null; {@code raw} is the text as it was written. */
  record YamlScalar(Position position, @Nullable Object value, String raw) implements YamlValue {
    @Override
    public @Nullable Object plain() {
      return value;
    }
  }

  /** A mapping's entry: where its key stands, and the value. */
  record Entry(Position keyPosition, YamlValue value) {}
}
