package dev.drover.api;

import dev.drover.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a handler gives back. */
record Answer(int status, String contentType, String body) {
  static Answer json(int status, @Nullable Object value) {
    return new Answer(status, "application/json", Json.print(value));
  }

  static Answer ok(Map<String, Object> value) {
    return json(200, value);
  }

  static Answer text(String body) {
    return new Answer(200, "text/plain; charset=utf-8", body);
  }

  static Answer problem(ApiProblem problem) {
    return new Answer(problem.status(), "application/problem+json", Json.print(problem.toJson()));
  }
}
