package dev.drover.dashboards;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A dashboard for Grafana that comes with Drover, read from its file. */
public record Dashboard(Path file, String text, Map<String, Object> json) {
  /** All of them. */
  public static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(Path.of("dashboards"))) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().map(Dashboard::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Dashboard of(Path file) {
    try {
      String text = Files.readString(file);
      return new Dashboard(file, text, Json.asObject(Json.parse(text)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InvalidJson e) {
      throw new AssertionError(file + " is no JSON", e);
    }
  }

  /** What its address and links to it say. */
  public String uid() {
    return (String) at(json, "uid");
  }

  List<Map<String, Object>> panels() {
    return objects(json, "panels");
  }

  /** Panels that show something, which rows do not. */
  List<Map<String, Object>> shown() {
    return panels().stream().filter(panel -> !"row".equals(panel.get("type"))).toList();
  }

  /** The variables in the order in which they are chosen. */
  public List<Map<String, Object>> variables() {
    return objects(at(json, "templating"), "list");
  }

  /** The annotations that Prometheus is asked for. */
  List<Map<String, Object>> annotations() {
    return objects(at(json, "annotations"), "list").stream()
        .filter(annotation -> annotation.containsKey("expr"))
        .toList();
  }

  /** All that Prometheus is asked when the dashboard is shown, but for the variables. */
  public List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (Map<String, Object> panel : shown()) {
      String where = name(panel);
      for (Map<String, Object> target : objects(panel, "targets")) {
        if ("prometheus".equals(at(target, "datasource", "type"))) {
          queries.add(
              new Query(
                  where + ", " + target.get("refId"),
                  (String) at(target, "expr"),
                  Boolean.TRUE.equals(target.get("instant")),
                  defaults(panel).containsKey("noValue")));
        }
      }
    }
    for (Map<String, Object> annotation : annotations()) {
      String where = file.getFileName() + ", annotation " + annotation.get("name");
      queries.add(new Query(where, (String) at(annotation, "expr"), false, false));
    }
    return queries;
  }

  /** A panel, for messages. */
  String name(Map<String, Object> panel) {
    return file.getFileName() + ", panel " + panel.get("id") + " \"" + panel.get("title") + "\"";
  }

  /** What holds of all fields of a panel. */
  static Map<String, Object> defaults(Map<String, Object> panel) {
    return Json.asObject(at(panel, "fieldConfig", "defaults"));
  }

  /** The objects in a list; none if there is no such list. */
  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> objects(Object parent, String list) {
    Object found = Json.asObject(parent).get(list);
    return found == null ? List.of() : (List<Map<String, Object>>) found;
  }

  /** A value that must be there. */
  static Object at(Object parent, String... path) {
    Object value = parent;
    for (String name : path) {
      value = Objects.requireNonNull(Json.asObject(value).get(name), name);
    }
    return value;
  }

  /**
   * A question to Prometheus.
   *
   * @param where for messages
   * @param instant asks for one moment and not for the time shown
   * @param mayBeEmpty the panel has words for having nothing to show yet
   */
  public record Query(String where, String expr, boolean instant, boolean mayBeEmpty) {}
}
