package dev.drover.api;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerMapping;

/**
 * A request as handlers see it. It is read from the servlet request and not from the message's
 * headers, where a query parameter could stand in for a part of the path.
 */
final class Request {
  private final HttpServletRequest request;

  Request(HttpServletRequest request) {
    this.request = request;
  }

  /** A variable part of the path. */
  String path(String name) {
    Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    Object value = variables instanceof Map<?, ?> map ? map.get(name) : null;
    if (value == null) {
      throw ApiProblem.badRequest("the path lacks its {" + name + "}");
    }
    return value.toString();
  }

  /** A query parameter. */
  Optional<String> query(String name) {
    return Optional.ofNullable(request.getParameter(name)).filter(v -> !v.isEmpty());
  }

  /** All query parameters, the first value of each. */
  Map<String, Object> queries() {
    Map<String, Object> all = new TreeMap<>();
    request.getParameterMap().forEach((name, values) -> all.put(name, values[0]));
    return all;
  }

  /** The project that the request concerns, as the gate has found it. */
  ProjectName project() {
    return Gate.projectOf(request);
  }

  /** Who asks, if the credential says so. */
  Optional<String> user() {
    return Gate.userOf(request);
  }

  /** Whether it has waited longer for its turn than its caller is likely to wait on. */
  boolean isStale() {
    return Gate.isStale(request);
  }

  /** {@code limit}, between 1 and {@code most}. */
  int limit(int usual, int most) {
    return query("limit").map(text -> parseLimit(text, most)).orElse(usual);
  }

  private static int parseLimit(String text, int most) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw limitProblem(text, most);
    }
    throw limitProblem(text, most);
  }

  private static ApiProblem limitProblem(String text, int most) {
    return ApiProblem.badRequest("limit must be a number from 1 to " + most + ", not " + text);
  }

  /** The body's bytes. */
  byte[] body() {
    return Gate.bodyOf(request);
  }

  /** The body as text. */
  String text() {
    return new String(body(), StandardCharsets.UTF_8);
  }

  /** The body as JSON; null if there is none. */
  @Nullable Object json() {
    byte[] body = body();
    if (body.length == 0) {
      return null;
    }
    try {
      return Json.parse(body);
    } catch (InvalidJson e) {
      throw ApiProblem.badRequest("the body is not JSON: " + e.getMessage());
    }
  }

  /** Whether the body says that it is JSON. */
  boolean isJson() {
    String type = request.getContentType();
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return media.equals("application/json") || media.endsWith("+json");
  }

  /** What the caller would like to get. */
  boolean prefersText() {
    String accept = request.getHeader("Accept");
    return accept != null && accept.startsWith("text/plain");
  }
}
