package dev.drover.workflow;

import dev.drover.yaml.Position;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.Entry;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
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

  Position position() {
    return map.position();
  }

  /** Where a key stands; the map itself if it isn't there. */
  Position keyPosition(String key) {
    Entry entry = map.entries().get(key);
    return entry == null ? map.position() : entry.keyPosition();
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
