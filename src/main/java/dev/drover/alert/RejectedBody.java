package dev.drover.alert;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/**
 * A body that is not an alert notification at all: the sender is told so (HTTP 400) and nothing is
 * stored. The message says what is wrong and where.
 */
public final class RejectedBody extends Exception {
  private static final long serialVersionUID = 1L;

  // Jackson names its source and its settings, which say nothing to a sender.
  private static final Pattern NOISE =
      Pattern.compile(
          "\\R.*|, from `[^`]*`|: enable `[^`]*`.*| \\(start marker at \\[.*?]\\)", Pattern.DOTALL);

  RejectedBody(String message) {
    super(message);
  }

  static RejectedBody at(JsonLocation where, String message) {
    return new RejectedBody(message + position(where));
  }

  static RejectedBody notJson(JsonProcessingException e) {
    String message = NOISE.matcher(e.getOriginalMessage()).replaceAll("");
    JsonLocation where = e.getLocation();
    return new RejectedBody(
        "the body is not valid JSON: " + message + (where == null ? "" : position(where)));
  }

  private static String position(JsonLocation where) {
    return " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
  }
}
