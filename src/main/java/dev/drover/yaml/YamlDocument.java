package dev.drover.yaml;

import dev.drover.yaml.YamlValue.Entry;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One YAML 1.2 document read safely: no tags beyond JSON's types, string keys only, no duplicate
 * keys, bounded size, depth and alias expansion. What breaks a rule is a {@link Problem}.
 */
public final class YamlDocument {
  /** Characters in a document at the most. */
  public static final int MAX_LENGTH = 2 << 20;

  /** Values in a document at the most, those that aliases repeat counted each time. */
  public static final int MAX_VALUES = 100_000;

  private static final int MAX_DEPTH = 50;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setCodePointLimit(MAX_LENGTH)
          .setAllowDuplicateKeys(true) // reported by ourselves, with every other problem
          .setAllowRecursiveKeys(false)
          .setMaxAliasesForCollections(50)
          .build();

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private int values;

  private YamlDocument(String file) {
    this.file = file;
  }

  /** What reading gave: the root if the text could be read at all, and every problem found. */
  public record Result(Optional<YamlValue> root, List<Problem> problems) {}

  /** Reads the one document in {@code text}; {@code file} is the name that problems carry. */
  public static Result read(String file, String text) {
    return new YamlDocument(file).read(text);
  }

  private Result read(String text) {
    if (text.length() > MAX_LENGTH) {
      report(Position.START, "", "the document has more than " + MAX_LENGTH + " characters");
      return result(null);
    }
    try {
      Iterator<Node> documents = new Compose(SETTINGS).composeAllFromString(text).iterator();
      if (!documents.hasNext()) {
        report(Position.START, "", "the document is empty");
        return result(null);
      }
      YamlValue root = convert(documents.next(), "", 0);
      if (documents.hasNext()) {
        report(Position.START, "", "one document is expected, but a second follows after \"---\"");
      }
      return result(root);
    } catch (MarkedYamlEngineException e) {
      Position at = e.getProblemMark().map(YamlDocument::position).orElse(Position.START);
      report(at, "", "not YAML: " + firstLine(e.getProblem()));
    } catch (YamlEngineException e) {
      report(Position.START, "", "not YAML: " + firstLine(e.getMessage()));
    } catch (TooLarge e) {
      report(Position.START, "", String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      report(Position.START, "", "the document is nested too deeply");
    }
    return result(null);
  }

  private Result result(@Nullable YamlValue root) {
    return new Result(Optional.ofNullable(root), List.copyOf(problems));
  }

  private YamlValue convert(Node node, String path, int depth) {
    if (++values > MAX_VALUES) {
      throw new TooLarge("the document has more than " + MAX_VALUES + " values");
    }
    if (depth > MAX_DEPTH) {
      throw new TooLarge("the document is nested deeper than " + MAX_DEPTH + " levels");
    }
    Position at = node.getStartMark().map(YamlDocument::position).orElse(Position.START);
    if (node instanceof MappingNode map) {
      checkTag(node, Tag.MAP, at, path);
      return new YamlMap(at, entries(map, path, depth));
    }
    if (node instanceof SequenceNode sequence) {
      checkTag(node, Tag.SEQ, at, path);
      List<YamlValue> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(convert(item, path + "[" + items.size() + "]", depth + 1));
      }
      return new YamlList(at, items);
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, at, path);
    }
    throw new TooLarge("the document refers to itself by an alias");
  }

  private Map<String, Entry> entries(MappingNode map, String path, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      Position at =
          tuple.getKeyNode().getStartMark().map(YamlDocument::position).orElse(Position.START);
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        report(at, path, "a key must be plain text");
        continue;
      }
      String name = key.getValue();
      String childPath = path.isEmpty() ? name : path + "." + name;
      Entry first = entries.get(name);
      if (first != null) {
        report(
            at,
            childPath,
            "duplicate key \"" + name + "\", first on line " + first.keyPosition().line());
        continue;
      }
      entries.put(name, new Entry(at, convert(tuple.getValueNode(), childPath, depth + 1)));
    }
    return entries;
  }

  private YamlScalar scalar(ScalarNode node, Position at, String path) {
    String raw = node.getValue();
    Tag tag = node.getTag();
    try {
      if (tag.equals(Tag.INT)) {
        return new YamlScalar(at, integer(raw), raw);
      } else if (tag.equals(Tag.FLOAT)) {
        return new YamlScalar(at, Double.valueOf(raw), raw);
      } else if (tag.equals(Tag.BOOL)) {
        return new YamlScalar(at, Boolean.valueOf(raw), raw);
      } else if (tag.equals(Tag.NULL)) {
        return new YamlScalar(at, null, raw);
      }
    } catch (NumberFormatException e) {
      report(at, path, "not a number that can be kept exactly: " + raw);
      return new YamlScalar(at, raw, raw);
    }
    checkTag(node, Tag.STR, at, path);
    return new YamlScalar(at, raw, raw);
  }

  private static Long integer(String raw) {
    if (raw.startsWith("0x")) {
      return Long.valueOf(raw.substring(2), 16);
    }
    return raw.startsWith("0o") ? Long.valueOf(raw.substring(2), 8) : Long.valueOf(raw);
  }

  private void checkTag(Node node, Tag expected, Position at, String path) {
    if (!node.getTag().equals(expected)) {
      report(at, path, "the tag " + node.getTag() + " is not allowed; only plain values are");
    }
  }

  private void report(Position at, String path, String message) {
    problems.add(new Problem(file, at, path, message, null));
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String firstLine(@Nullable String message) {
    String text = message == null ? "unreadable" : message;
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Ends the reading where going on would cost without bound. */
  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge(String message) {
      super(message);
    }
  }
}
