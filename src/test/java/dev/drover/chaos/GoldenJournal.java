package dev.drover.chaos;

import dev.drover.json.Json;
import dev.drover.yaml.DurationText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A history as a server left it, and how it has to end.
 *
 * @param rows by table
 * @param expect by run
 */
record GoldenJournal(
    String name,
    int schema,
    Map<String, List<Map<String, Object>>> rows,
    Map<String, Map<String, Object>> expect) {

  /** All of a folder, by name. */
  static List<GoldenJournal> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(GoldenJournal::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenJournal read(Path file) {
    try {
      String name = file.getFileName().toString();
      Object read = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
      Map<String, Object> document = Json.asObject(read);
      Map<String, List<Map<String, Object>>> rows = new LinkedHashMap<>();
      Json.asObject(document.get("rows"))
          .forEach((table, list) -> rows.put(table, objects((List<?>) list)));
      Map<String, Map<String, Object>> expect = new LinkedHashMap<>();
      Json.asObject(document.get("expect")).forEach((run, o) -> expect.put(run, Json.asObject(o)));
      return new GoldenJournal(
          name.replace(".yaml", ""), (Integer) document.get("schema"), rows, expect);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<String, Object>> objects(List<?> list) {
    return list.stream().map(Json::asObject).toList();
  }

  /** Writes the rows; columns that a row does not name get their defaults. */
  void insert(JdbcClient jdbc, Instant now) {
    rows.forEach((table, all) -> all.forEach(row -> insert(jdbc, table, atTimes(row, now))));
  }

  private static void insert(JdbcClient jdbc, String table, Map<String, Object> row) {
    String columns = String.join(", ", row.keySet());
    jdbc.sql(
            "insert into %s (%s) select %s from json_populate_record(null::%s, cast(:row as json))"
                .formatted(table, columns, columns, table))
        .param("row", Json.print(row))
        .update();
  }

  private static Map<String, Object> atTimes(Map<String, Object> row, Instant now) {
    Map<String, Object> copy = new LinkedHashMap<>(row);
    copy.replaceAll(
        (column, value) ->
            column.equals("at") || column.matches(".*_(at|until)|deadline|until")
                ? time(String.valueOf(value), now)
                : value);
    return copy;
  }

  private static String time(String text, Instant now) {
    if (text.equals("now")) {
      return now.toString();
    }
    Duration distance = DurationText.parse(text.substring(4)).orElseThrow();
    return (text.startsWith("now-") ? now.minus(distance) : now.plus(distance)).toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
