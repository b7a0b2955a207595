package dev.drover.workflow;

import dev.drover.yaml.DurationText;
import dev.drover.yaml.Position;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.Entry;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A map of a document read by its {@link KeyTable}: what breaks the table is reported. */
final class DocumentMap {
  private final Problems problems;
  private final KeyTable table;
  private final YamlMap map;
  private final String path;

  private DocumentMap(Problems problems, KeyTable table, YamlMap map, String path) {
    this.problems = problems;
    this.table = table;
    this.map = map;
    this.path = path;
  }

  /** The value as such a map; empty, and reported, if it is no map at all. */
  static Optional<DocumentMap> of(Problems problems, KeyTable table, YamlValue value, String path) {
    if (!(value instanceof YamlMap map)) {
      problems.report(
          value.position(),
          path,
          table.what() + " must be a map, not " + typeOf(value),
          "its keys are " + Quote.list(table.names()));
      return Optional.empty();
    }
    DocumentMap read = new DocumentMap(problems, table, map, path);
    read.checkKeys();
    return Optional.of(read);
  }

  private void checkKeys() {
    boolean laterKey = false;
    for (var entry : map.entries().entrySet()) {
      String key = entry.getKey();
      if (table.find(key).isEmpty()) {
        laterKey |= table.isLater(key);
        problems.reportWith(
            entry.getValue().keyPosition(),
            path(key),
            "unknown key " + Quote.of(key) + " in " + table.what(),
            () -> unknown(key));
      }
    }
    for (String key : table.required()) {
      if (!map.entries().containsKey(key)) {
        problems.report(map.position(), path, table.what() + " must have the key " + Quote.of(key));
      }
    }
    checkOneOf(laterKey);
  }

  private Optional<String> unknown(String key) {
    if (table.isLater(key)) {
      return Optional.of("this version of Drover does not know it yet");
    }
    return Suggestion.didYouMean(key, table.names())
        .or(
            () ->
                table.names().isEmpty()
                    ? Optional.of("it has no keys: write {}")
                    : Optional.of("its keys are " + Quote.list(table.names())));
  }

  private void checkOneOf(boolean laterKey) {
    if (table.oneOf().isEmpty()) {
      return;
    }
    List<String> names = table.names().stream().filter(table.oneOf()::contains).toList();
    List<String> found = map.entries().keySet().stream().filter(table.oneOf()::contains).toList();
    if (found.size() > 1) {
      Entry second = map.entries().get(found.get(1));
      problems.report(
          second == null ? map.position() : second.keyPosition(),
          path,
          table.what() + " has only one of " + Quote.list(names) + ", not " + Quote.list(found));
    } else if (found.isEmpty() && !laterKey) { // else the real problem was reported
      problems.report(
          map.position(), path, table.what() + " must have one of " + Quote.list(names));
    }
  }

  /** Its own path in the document. */
  String path() {
    return path;
  }

  Position position() {
    return map.position();
  }

  /** Where a key stands; the map itself if it isn't there. */
  Position keyPosition(String key) {
    Entry entry = map.entries().get(key);
    return entry == null ? map.position() : entry.keyPosition();
  }

  /** Where a key's value stands; the map itself if it isn't there. */
  Position valuePosition(String key) {
    return get(key).map(YamlValue::position).orElse(map.position());
  }

  /** The path in the document of what is under a key. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  Optional<YamlValue> get(String key) {
    if (table.find(key).isEmpty()) {
      throw new IllegalArgumentException(table.what() + " has no key " + key);
    }
    return Optional.ofNullable(map.get(key));
  }

  /** The text under a key; reported if it is none. */
  Optional<YamlScalar> text(String key) {
    return text(key, "put it in quotes");
  }

  /** The same with a hint of one's own for who wrote a number or the like. */
  Optional<YamlScalar> text(String key, String hint) {
    Optional<YamlValue> value = get(key);
    if (value.isPresent()
        && !(value.get() instanceof YamlScalar scalar && scalar.value() instanceof String)) {
      wrongType(value.get(), key, "text", value.get() instanceof YamlScalar ? hint : "");
      return Optional.empty();
    }
    return value.map(YamlScalar.class::cast);
  }

  /** The first of the keys that are there of those of which there must be one. */
  Optional<String> kind() {
    return map.entries().keySet().stream().filter(table.oneOf()::contains).findFirst();
  }

  /** One of the words for the constants of an enum; reported if it is another. */
  <E extends Enum<E>> Optional<E> word(String key, Class<E> type) {
    YamlScalar word = text(key).orElse(null);
    if (word == null) {
      return Optional.empty();
    }
    List<String> known = Words.of(type);
    Optional<E> found = Words.find(type, word.raw());
    if (found.isEmpty()) {
      problems.report(
          word.position(),
          path(key),
          Quote.of(key) + " must be " + Words.or(known) + ", not " + Quote.of(word.raw()),
          Suggestion.didYouMean(word.raw(), known).orElse(null));
    }
    return found;
  }

  /** A duration above zero. */
  Optional<Duration> duration(String key) {
    return text(key, DurationText.RULE).flatMap(text -> duration(text, path(key)));
  }

  private Optional<Duration> duration(YamlScalar text, String at) {
    Optional<Duration> duration = DurationText.parse(text.raw()).filter(d -> !d.isZero());
    if (duration.isEmpty()) {
      problems.report(
          text.position(),
          at,
          "not a duration above zero: " + Quote.of(text.raw()),
          DurationText.RULE);
    }
    return duration;
  }

  Optional<Integer> integer(String key, int smallest, int largest) {
    return get(key).flatMap(value -> integer(problems, value, path(key), smallest, largest));
  }

  /** The value as a whole number within bounds; reported if it is none. */
  static Optional<Integer> integer(
      Problems problems, YamlValue value, String path, int smallest, int largest) {
    if (value.plain() instanceof Long number && number >= smallest && number <= largest) {
      return Optional.of(number.intValue());
    }
    problems.report(
        value.position(),
        path,
        "must be a whole number from %d to %d, not %s".formatted(smallest, largest, shown(value)));
    return Optional.empty();
  }

  Optional<Double> number(String key, double smallest, double largest) {
    YamlValue value = get(key).orElse(null);
    if (value == null) {
      return Optional.empty();
    } else if (value.plain() instanceof Number number
        && number.doubleValue() >= smallest
        && number.doubleValue() <= largest) {
      return Optional.of(number.doubleValue());
    }
    problems.report(
        value.position(),
        path(key),
        "must be a number from %.0f to %.0f, not %s".formatted(smallest, largest, shown(value)));
    return Optional.empty();
  }

  private static String shown(YamlValue value) {
    return value instanceof YamlScalar scalar && scalar.value() instanceof Number
        ? Quote.cut(scalar.raw())
        : typeOf(value);
  }

  Optional<Boolean> flag(String key) {
    Optional<YamlValue> value = get(key);
    if (value.isPresent() && !(value.get().plain() instanceof Boolean)) {
      wrongType(value.get(), key, "true or false", "");
      return Optional.empty();
    }
    return value.map(v -> (Boolean) v.plain());
  }

  Optional<YamlMap> map(String key) {
    Optional<YamlValue> value = get(key);
    if (value.isPresent() && !(value.get() instanceof YamlMap)) {
      wrongType(value.get(), key, "a map", "");
      return Optional.empty();
    }
    return value.map(YamlMap.class::cast);
  }

  Optional<YamlList> list(String key) {
    Optional<YamlValue> value = get(key);
    if (value.isPresent() && !(value.get() instanceof YamlList)) {
      boolean scalar = value.get() instanceof YamlScalar;
      wrongType(value.get(), key, "a list", scalar ? "put it in brackets: [...]" : "");
      return Optional.empty();
    }
    return value.map(YamlList.class::cast);
  }

  private void wrongType(YamlValue value, String key, String wanted, String hint) {
    problems.report(
        value.position(),
        path(key),
        Quote.of(key) + " must be " + wanted + ", not " + typeOf(value),
        hint.isEmpty() ? null : hint);
  }

  /** What a value is, in the words of YAML. */
  static String typeOf(YamlValue value) {
    if (value instanceof YamlMap) {
      return "a map";
    } else if (value instanceof YamlList) {
      return "a list";
    }
    Object plain = value.plain();
    if (plain instanceof Number) {
      return "a number";
    }
    return plain == null ? "nothing" : plain instanceof String ? "text" : "a boolean";
  }
}
