package dev.drover.yaml;

import dev.drover.yaml.YamlValue.Entry;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Builds values from the parser's events. It keeps its own stack and counts as it goes, so that
 * neither nesting nor aliases can cost more than the limits allow: reading stops at the event that
 * breaks one.
 */
final class TreeBuilder {
  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private final Deque<Frame> open = new ArrayDeque<>();
  private final Map<Anchor, Anchored> anchored = new HashMap<>();
  private @Nullable YamlValue root;
  private Position last = Position.START;
  private int documents;
  private int values;

  TreeBuilder(String file) {
    this.file = file;
  }

  /** What an alias repeats, and how many values that is. */
  private record Anchored(YamlValue value, int values) {}

  /** A collection that is still being read. */
  private static final class Frame {
    final Position position;
    final String path;
    final Optional<Anchor> anchor;
    final int valuesBefore;
    final @Nullable Map<String, Entry> entries;
    final List<YamlValue> items = new ArrayList<>();
    boolean keyRead;
    @Nullable String key;
    Position keyPosition = Position.START;

    Frame(Position position, String path, CollectionStartEvent start, int valuesBefore) {
      this.position = position;
      this.path = path;
      this.anchor = start.getAnchor();
      this.valuesBefore = valuesBefore;
      this.entries = start instanceof MappingStartEvent ? new LinkedHashMap<>() : null;
    }

    YamlValue value() {
      return entries == null ? new YamlList(position, items) : new YamlMap(position, entries);
    }

    boolean wantsKey() {
      return entries != null && !keyRead;
    }

    String childPath() {
      if (entries == null) {
        return path + "[" + items.size() + "]";
      }
      return key == null || path.isEmpty() ? path + (key == null ? "" : key) : path + "." + key;
    }
  }

  /** Where the last event began. */
  Position last() {
    return last;
  }

  void accept(Event event) {
    last = position(event);
    if (event instanceof DocumentStartEvent) {
      if (++documents == 2) {
        report(position(event), "", "one document is expected, but another begins here");
      }
      return;
    }
    if (documents > 1) {
      return;
    }
    if (event instanceof CollectionStartEvent start) {
      start(start);
    } else if (event instanceof CollectionEndEvent) {
      Frame frame = open.pop();
      frame.anchor.ifPresent(
          a -> anchored.put(a, new Anchored(frame.value(), values - frame.valuesBefore)));
      place(frame.value());
    } else if (event instanceof ScalarEvent scalar) {
      scalar(scalar);
    } else if (event instanceof AliasEvent alias) {
      alias(alias);
    }
  }

  Optional<YamlValue> root() {
    return Optional.ofNullable(root);
  }

  List<Problem> problems() {
    if (documents == 0) {
      report(Position.START, "", "the document is empty");
    }
    return List.copyOf(problems);
  }

  private void start(CollectionStartEvent event) {
    Position at = position(event);
    count(1, at);
    if (open.size() >= YamlDocument.MAX_DEPTH) {
      throw new Unreadable(
          at, "the document is nested deeper than " + YamlDocument.MAX_DEPTH + " levels");
    }
    String expected = event instanceof MappingStartEvent ? Scalars.MAP_TAG : Scalars.SEQ_TAG;
    if (!event.isImplicit() && !event.getTag().orElse("").equals(expected)) {
      reportTag(event.getTag().orElse(""), at);
    }
    open.push(new Frame(at, path(), event, values));
  }

  private void scalar(ScalarEvent event) {
    Position at = position(event);
    count(1, at);
    Scalars.Resolved resolved = Scalars.resolve(event);
    resolved.refusedTag().ifPresent(tag -> reportTag(tag, at));
    resolved.problem().ifPresent(problem -> report(at, path(), problem));
    YamlScalar value = new YamlScalar(at, resolved.value(), event.getValue(), Scalars.lead(event));
    event.getAnchor().ifPresent(a -> anchored.put(a, new Anchored(value, 1)));
    place(value);
  }

  private void alias(AliasEvent event) {
    Position at = position(event);
    Anchored target = anchored.get(event.getAlias());
    if (target == null) {
      throw new Unreadable(
          at,
          open.stream().anyMatch(f -> f.anchor.filter(event.getAlias()::equals).isPresent())
              ? "the document refers to itself by the alias *" + event.getAlias()
              : "the alias *" + event.getAlias() + " has no anchor");
    }
    count(target.values(), at);
    place(target.value());
  }

  private void place(YamlValue value) {
    Frame frame = open.peek();
    if (frame == null) {
      root = value;
    } else if (frame.entries == null) {
      frame.items.add(value);
    } else if (frame.wantsKey()) {
      key(frame, value);
    } else {
      frame.keyRead = false;
      if (frame.key != null) {
        frame.entries.put(frame.key, new Entry(frame.keyPosition, value));
      }
    }
  }

  private void key(Frame frame, YamlValue key) {
    frame.keyRead = true;
    frame.key = null;
    frame.keyPosition = key.position();
    if (!(key instanceof YamlScalar scalar)) {
      report(key.position(), frame.path, "a key must be plain text");
      return;
    }
    frame.key = scalar.raw();
    Entry first = frame.entries == null ? null : frame.entries.get(scalar.raw());
    if (first != null) {
      report(
          key.position(),
          frame.childPath(),
          "duplicate key \"" + scalar.raw() + "\", first on line " + first.keyPosition().line());
      frame.key = null;
    }
  }

  private String path() {
    Frame frame = open.peek();
    return frame == null ? "" : frame.wantsKey() ? frame.path : frame.childPath();
  }

  private void count(int more, Position at) {
    values += more;
    if (values > YamlDocument.MAX_VALUES) {
      throw new Unreadable(at, "the document has more than " + YamlDocument.MAX_VALUES + " values");
    }
  }

  private void reportTag(String tag, Position at) {
    report(at, path(), "the tag " + tag + " is not allowed; only plain values are");
  }

  private void report(Position at, String path, String message) {
    problems.add(new Problem(file, at, path, message, null));
  }

  private static Position position(Event event) {
    return event.getStartMark().map(TreeBuilder::position).orElse(Position.START);
  }

  static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
