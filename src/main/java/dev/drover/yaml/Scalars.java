package dev.drover.yaml;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * What a scalar means, by YAML 1.2's JSON schema. The parser's own resolution is not used: it takes
 * "1.2.3" for a broken number and "${HOME}" for a look-up in the environment.
 */
final class Scalars {
  static final String MAP_TAG = "tag:yaml.org,2002:map";
  static final String SEQ_TAG = "tag:yaml.org,2002:seq";
  private static final String STRING_TAG = "tag:yaml.org,2002:str";
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,40})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]*)?([eE][-+]?[0-9]+)?");
  private static final Pattern NOT_FINITE = Pattern.compile("-?\\.inf|\\.nan");

  private Scalars() {}

  /** The value; the tag, if it is one that is not allowed; what else is wrong. */
  record Resolved(@Nullable Object value, Optional<String> refusedTag, Optional<String> problem) {}

  static Resolved resolve(ScalarEvent event) {
    Optional<String> tag = event.getTag().filter(t -> !t.equals("!"));
    String raw = event.getValue();
    if (tag.isPresent()) {
      return new Resolved(raw, tag.filter(t -> !t.equals(STRING_TAG)), Optional.empty());
    }
    if (event.getScalarStyle() != ScalarStyle.PLAIN || event.getTag().isPresent()) {
      return new Resolved(raw, Optional.empty(), Optional.empty());
    }
    return plain(raw);
  }

  private static Resolved plain(String raw) {
    if (raw.isEmpty() || raw.equals("null")) {
      return good(null);
    } else if (raw.equals("true") || raw.equals("false")) {
      return good(Boolean.valueOf(raw));
    } else if (NOT_FINITE.matcher(raw).matches()) {
      return bad(raw);
    } else if (INTEGER.matcher(raw).matches()) {
      return integer(raw);
    } else if (raw.length() < 400 && NUMBER.matcher(raw).matches()) {
      double number = Double.parseDouble(raw);
      return Double.isFinite(number) ? good(number) : bad(raw);
    }
    return good(raw);
  }

  private static Resolved integer(String raw) {
    try {
      return good(Long.valueOf(raw));
    } catch (NumberFormatException e) {
      return bad(raw);
    }
  }

  private static Resolved good(@Nullable Object value) {
    return new Resolved(value, Optional.empty(), Optional.empty());
  }

  private static Resolved bad(String raw) {
    return new Resolved(
        raw, Optional.empty(), Optional.of("not a number that can be kept exactly: " + raw));
  }

  /** See {@link YamlValue.YamlScalar#lead}. */
  static int lead(ScalarEvent event) {
    int quotes =
        switch (event.getScalarStyle()) {
          case PLAIN -> 0;
          case SINGLE_QUOTED, DOUBLE_QUOTED -> 1;
          default -> -1;
        };
    Mark start = event.getStartMark().orElse(null);
    Mark end = event.getEndMark().orElse(null);
    if (quotes < 0 || start == null || end == null || start.getLine() != end.getLine()) {
      return -1;
    }
    String text = event.getValue();
    int written = end.getIndex() - start.getIndex() - 2 * quotes;
    return written == text.codePointCount(0, text.length()) ? quotes : -1;
  }
}
