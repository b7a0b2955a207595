package dev.drover.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * A string, Long, Double, Boolean or null.
   *
   * @param raw the text of the scalar, without quotes and escapes
   * @param lead columns from the scalar's position to its first character, if the document has the
   *     text on one line just as it is in {@code raw}; -1 if it is folded, escaped or a block
   */
  record YamlScalar(Position position, @Nullable Object value, String raw, int lead)
      implements YamlValue {
    /** A scalar of which only the beginning is known. */
    public YamlScalar(Position position, @Nullable Object value, String raw) {
      this(position, value, raw, -1);
    }

    @Override
    public @Nullable Object plain() {
      return value;
    }

    /** Where the character of {@code raw} at that index stands, if that can be told exactly. */
    public Optional<Position> positionOf(int index) {
      if (lead < 0) {
        return Optional.empty();
      }
      int columns = raw.codePointCount(0, Math.min(index, raw.length()));
      return Optional.of(new Position(position.line(), position.column() + lead + columns));
    }
  }

  /** A mapping's entry: where its key stands, and the value. */
  record Entry(Position keyPosition, YamlValue value) {}
}
