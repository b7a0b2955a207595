package dev.drover.alert;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * A body that is not an alert notification at all: the sender is told so (HTTP 400) and nothing is
 * stored. The message says what is wrong and where.
 */
public final class RejectedBody extends Exception {
  private static final long serialVersionUID = 1L;

  RejectedBody(String message) {
    super(message);
  }

  static RejectedBody at(JsonLocation where, String message) {
    return new RejectedBody(message + position(where));
  }

  static RejectedBody notJson(JsonProcessingException e) {
    // Jackson appends the source and the name of a setting, which say nothing to a sender.
    String message = e.getOriginalMessage().replaceAll("(?s)\\R.*|, from `[^`]*`", "");
    JsonLocation where = e.getLocation();
    return new RejectedBody(
        "the body is not valid JSON: " + message + (where == null ? "" : position(where)));
  }

  private static String position(JsonLocation where) {
    return " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
  }
}
