package dev.drover.api;

import dev.drover.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a request's body: an object, or nothing. What does not fit is a bad request. */
final class Fields {
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_TEXT = 2_000;

  private final Map<String, Object> values;

  private Fields(Map<String, Object> values) {
    this.values = values;
  }

  static Fields of(Request request, String... known) {
    Object body = request.json();
    if (body != null && !(body instanceof Map)) {
      throw ApiProblem.badRequest("the body must be an object, or absent");
    }
    Map<String, Object> values = Json.asObject(body);
    List<String> names = Arrays.asList(known);
    for (String key : values.keySet()) {
      if (!names.contains(key)) {
        throw ApiProblem.badRequest(
            "there is an unknown field in the body; known are: " + String.join(", ", names));
      }
    }
    return new Fields(values);
  }

  /** Who asks: the user whose credential it is, else who the caller says. */
  Optional<String> by(Request request) {
    Optional<String> given = text("by", LONGEST_NAME);
    if (given.filter(name -> name.chars().anyMatch(Character::isISOControl)).isPresent()) {
      throw ApiProblem.badRequest("by must be one line");
    }
    return request.user().or(() -> given);
  }

  /** A text for people; blank is the same as absent. */
  Optional<String> text(String name) {
    return text(name, LONGEST_TEXT);
  }

  private Optional<String> text(String name, int longest) {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      throw ApiProblem.badRequest(name + " must be a text, not " + Json.typeOf(value));
    }
    if (text.length() > longest) {
      throw ApiProblem.badRequest(name + " must have at most " + longest + " characters");
    } else if (text.indexOf('\0') >= 0) {
      throw ApiProblem.badRequest(name + " must not have a NUL in it");
    }
    return Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty());
  }

  /** One of some words; the first if it is absent. */
  String word(String name, String... words) {
    Object value = values.get(name);
    if (value == null) {
      return words[0];
    } else if (value instanceof String word && Arrays.asList(words).contains(word)) {
      return word;
    }
    throw ApiProblem.badRequest(name + " must be one of: " + String.join(", ", words));
  }

  /** False if it is absent. */
  boolean flag(String name) {
    Object value = values.get(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw ApiProblem.badRequest(name + " must be true or false, not " + Json.typeOf(value));
  }
}
