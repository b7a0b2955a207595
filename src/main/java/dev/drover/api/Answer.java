package dev.drover.api;

import dev.drover.json.Json;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a handler gives back.
 *
 * @param file what is sent in the place of the body, if it is a file
 */
record Answer(int status, String contentType, String body, @Nullable Download file) {
  Answer(int status, String contentType, String body) {
    this(status, contentType, body, null);
  }

  /**
   * A file: sent as it is read.
   *
   * @param disposition what the receiver is to do with it
   */
  record Download(InputStream content, long size, String disposition) {}

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
