package dev.drover.agent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How JSON speaks of files: names in what agents give, references in what they get. Pure. */
final class FileNames {
  /** The field of an object that stands for a file which the agent has left. */
  static final String NAMED = "$artifact";

  /** The field of a reference that holds the artifact's id. */
  static final String REFERENCE = "artifact";

  /** How deep a file may lie in the folder. */
  static final int DEPTH = 8;

  private static final String MEDIA_TYPE = "mediaType";
  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final int LONGEST = 255;
  private static final Pattern TYPE =
      Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}");

  private FileNames() {}

  /** A file as an output names it. */
  record Named(String name, String mediaType) {}

  /** Whether an object of an output stands for a file. */
  static boolean isNamed(Map<?, ?> value) {
    return value.containsKey(NAMED);
  }

  /**
   * The file that a value of an output names.
   *
   * @throws FilesRefused if it does not name one as it must
   */
  static Named named(Map<?, ?> value) throws FilesRefused {
    if (!(value.get(NAMED) instanceof String name)) {
      throw refused("the output has a \"" + NAMED + "\" that is not a text");
    }
    Object type = value.containsKey(MEDIA_TYPE) ? value.get(MEDIA_TYPE) : UNKNOWN_TYPE;
    if (!(type instanceof String text) || !TYPE.matcher(text).matches()) {
      throw refused("the media type of " + quoted(name) + " is none, such as text/plain");
    } else if (!Set.of(NAMED, MEDIA_TYPE).containsAll(value.keySet())) {
      throw refused("beside " + quoted(name) + " stands more than a " + MEDIA_TYPE);
    }
    return new Named(name, text);
  }

  /**
   * The parts of a name: folders, and at last the file.
   *
   * @throws FilesRefused if it is no plain relative path
   */
  static List<String> parts(String name) throws FilesRefused {
    List<String> parts = Arrays.asList(name.split("/", -1));
    if (name.startsWith("/") || parts.contains("..")) {
      throw refused(quoted(name) + " lies outside of the folder that DROVER_OUT names");
    } else if (parts.contains("") || parts.contains(".")) {
      throw refused(quoted(name) + " is no plain path, such as reports/scan.sarif");
    } else if (parts.size() > DEPTH || parts.stream().anyMatch(p -> p.length() > LONGEST)) {
      throw refused(quoted(name) + " is too long, or lies more than " + DEPTH + " folders deep");
    } else if (name.chars().anyMatch(FileNames::isOdd)) {
      throw refused(quoted(name) + " has characters that file names should not have");
    }
    return parts;
  }

  private static boolean isOdd(int character) {
    return Character.isISOControl(character)
        || Character.getType(character) == Character.FORMAT
        || Character.getType(character) == Character.LINE_SEPARATOR
        || Character.getType(character) == Character.PARAGRAPH_SEPARATOR
        || character == '\\';
  }

  /** The id in a reference; whether there is such an artifact is another question. */
  static Optional<String> referenced(@Nullable Object value) {
    return value instanceof Map<?, ?> map && map.get(REFERENCE) instanceof String id
        ? Optional.of(id)
        : Optional.empty();
  }

  /** The output is not what it must be. */
  static FilesRefused refused(String message) {
    return new FilesRefused(FailureType.OUTPUT_INVALID, message);
  }

  static String quoted(String name) {
    String shown = name.length() > LONGEST ? name.substring(0, LONGEST) + "…" : name;
    return "the file \"" + shown.replaceAll("\\p{Cntrl}", "\u2400") + "\"";
  }
}
