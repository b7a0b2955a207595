package dev.drover.yaml;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * One YAML 1.2 document read safely: no tags beyond JSON's types, string keys only, no duplicate
 * keys, bounded size, depth and alias expansion. What breaks a rule is a {@link Problem}.
 */
public final class YamlDocument {
  /** Characters in a document at the most. */
  public static final int MAX_LENGTH = 2 << 20;

  /** Values in a document at the most, those that aliases repeat counted each time. */
  public static final int MAX_VALUES = 100_000;

  /** Levels of nesting at the most. */
  public static final int MAX_DEPTH = 50;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MAX_LENGTH).setLabel("document").build();

  private YamlDocument() {}

  /** What reading gave: the root if the text could be read at all, and every problem found. */
  public record Result(Optional<YamlValue> root, List<Problem> problems) {}

  /** Reads the one document in {@code text}; {@code file} is the name that problems carry. */
  public static Result read(String file, String text) {
    if (text.length() > MAX_LENGTH) {
      return failure(
          file,
          new Unreadable(
              Position.START, "the document has more than " + MAX_LENGTH + " characters"));
    }
    TreeBuilder tree = new TreeBuilder(file);
    try {
      String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
      refuseControlCharacters(body);
      for (Event event : new Parse(SETTINGS).parseString(body)) {
        tree.accept(event);
      }
      return new Result(tree.root(), tree.problems());
    } catch (MarkedYamlEngineException e) {
      Position at = e.getProblemMark().map(TreeBuilder::position).orElse(Position.START);
      return failure(file, new Unreadable(at, "not YAML: " + firstLine(e.getProblem())));
    } catch (YamlEngineException e) {
      return failure(
          file, new Unreadable(Position.START, "not YAML: " + firstLine(e.getMessage())));
    } catch (Unreadable e) {
      return failure(file, e);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | NoSuchElementException e) {
      // The parser lets these escape for some broken escapes and directives.
      return failure(file, new Unreadable(tree.last(), "not YAML after this place"));
    }
  }

  private static Result failure(String file, Unreadable reason) {
    String message = String.valueOf(reason.getMessage());
    return new Result(
        Optional.empty(), List.of(new Problem(file, reason.position(), "", message, null)));
  }

  /** The parser refuses them too, but without saying where they are. */
  private static void refuseControlCharacters(String text) {
    int line = 1;
    int column = 1;
    int before = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(before)) {
      before = text.codePointAt(i);
      if (!StreamReader.isPrintable(before)) {
        throw new Unreadable(
            new Position(line, column),
            "not YAML: the character %s is not allowed".formatted(name(before)));
      }
      boolean newLine = before == '\n' || (before == '\r' && !text.startsWith("\n", i + 1));
      line += newLine ? 1 : 0;
      column = newLine ? 1 : column + 1;
    }
  }

  private static String name(int codePoint) {
    return String.format("U+%04X", codePoint);
  }

  private static String firstLine(@Nullable String message) {
    String text = message == null ? "unreadable" : message;
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
