package dev.drover.api;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that can't be answered as asked; becomes a problem document (RFC 9457). */
final class ApiProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String title;
  private final transient Map<String, Object> extensions;

  ApiProblem(int status, String title, String detail) {
    this(status, title, detail, Map.of());
  }

  ApiProblem(int status, String title, String detail, Map<String, Object> extensions) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
    this.extensions = extensions;
  }

  static ApiProblem notFound(String detail) {
    return new ApiProblem(404, "Not found", detail);
  }

  static ApiProblem badRequest(String detail) {
    return new ApiProblem(400, "Bad request", detail);
  }

  /** It can't be done as things are; {@code more} says to programs how they are. */
  static ApiProblem conflict(String detail, Map<String, Object> more) {
    return new ApiProblem(409, "Conflict", detail, more);
  }

  static ApiProblem unavailable(String detail) {
    return new ApiProblem(503, "Service unavailable", detail);
  }

  int status() {
    return status;
  }

  /** The document. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "about:blank");
    json.put("title", title);
    json.put("status", (long) status);
    json.put("detail", getMessage());
    json.putAll(extensions);
    return json;
  }
}
