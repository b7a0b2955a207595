package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** What a server answered. */
record Reply(int status, String contentType, String body, HttpResponse<String> http) {
  static Reply of(HttpResponse<String> http) {
    return new Reply(
        http.statusCode(), http.headers().firstValue("Content-Type").orElse(""), http.body(), http);
  }

  /** Fails with the whole answer if the status is another. */
  Reply is(int expected) {
    assertThat(status)
        .as("%s %s answered %s", http.request().method(), http.uri(), body)
        .isEqualTo(expected);
    return this;
  }

  /** Checks that it is a problem document (RFC 9457) of that status. */
  Reply isProblem(int expected) {
    is(expected);
    assertThat(contentType).as(body).startsWith("application/problem+json");
    assertThat(object()).containsKeys("type", "title", "status", "detail");
    assertThat(object()).containsEntry("status", (long) expected);
    assertThat(text("title")).isNotBlank();
    assertThat(text("detail")).isNotBlank();
    return this;
  }

  Map<String, Object> object() {
    assertThat(value()).as(body).isInstanceOf(Map.class);
    return Json.asObject(value());
  }

  /** A value by its path: names and indexes with dots between. */
  Object at(String path) {
    Object value = value();
    for (String part : path.split("\\.", -1)) {
      value =
          value instanceof List<?> list
              ? list.get(Integer.parseInt(part))
              : Json.asObject(value).get(part);
    }
    return value;
  }

  String text(String path) {
    return (String) at(path);
  }

  @SuppressWarnings("unchecked")
  List<Map<String, Object>> list(String path) {
    return (List<Map<String, Object>>) at(path);
  }

  private Object value() {
    try {
      return Json.parse(body);
    } catch (InvalidJson e) {
      throw new AssertionError("not JSON: " + body, e);
    }
  }
}
