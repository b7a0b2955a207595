package dev.drover.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.json.Json;
import dev.drover.server.DroverServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Histories that servers of all ages left behind are continued to the end that they must have. */
class GoldenJournalIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Path GOLDEN = Replica.home().resolve("src/test/resources/golden");

  @TempDir private static Path folder;
  private static TestDatabase database;
  private static ConfigurableApplicationContext server;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    database.jdbc().sql("drop schema public cascade").update();
    database.jdbc().sql("create schema public").update();
    Instant now = Instant.now();
    List<GoldenJournal> all = journals();
    int newest = all.stream().mapToInt(GoldenJournal::schema).max().orElseThrow();
    for (int schema = 1; schema <= newest; schema++) {
      int version = schema;
      Flyway.configure().dataSource(database.dataSource()).target("" + version).load().migrate();
      all.stream()
          .filter(journal -> journal.schema() == version)
          .forEach(journal -> journal.insert(database.jdbc(), now));
    }
    server =
        DroverServer.start(
            "--drover.port=0",
            "--drover.metrics-port=0",
            "--drover.db-url=" + database.url(),
            "--drover.db-user=postgres",
            "--drover.db-password=postgres",
            "--drover.data-dir=" + folder.resolve("data"),
            "--drover.workflows=" + folder.resolve("none"),
            "--drover.routes=" + folder.resolve("none"),
            "--drover.agents=" + GOLDEN.resolve("agents"),
            "--drover.runtime=process");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    database.close();
  }

  static List<GoldenJournal> journals() {
    return GoldenJournal.in(GOLDEN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("journals")
  void isContinuedToTheEndThatItAlwaysHad(GoldenJournal journal) {
    journal
        .expect()
        .forEach(
            (run, expected) ->
                await()
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(state(run)).isEqualTo(expected.get("state"))));
    journal.expect().forEach(GoldenJournalIT::compare);
  }

  private static void compare(String run, Map<String, Object> expected) {
    if (expected.containsKey("outputs")) {
      assertThat(json("select outputs from run where id = cast(:run as uuid)", run))
          .isEqualTo(asJson(expected.get("outputs")));
    }
    Map<String, Object> nodes = Json.asObject(expected.get("nodes"));
    Map<String, Map<String, Object>> actual = nodes(run);
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(nodes.keySet());
    nodes.forEach(
        (id, node) ->
            assertThat(actual.get(id))
                .as("node %s of %s", id, run)
                .containsAllEntriesOf(Json.asObject(asJson(node))));
  }

  private static Map<String, Map<String, Object>> nodes(String run) {
    Map<String, Map<String, Object>> nodes = new LinkedHashMap<>();
    database
        .jdbc()
        .sql(
            """
            select json_build_object(
              'id', node_id || case when item = '' then '' else '/' || item end,
              'state', state, 'attempts', attempts, 'output', output, 'error', error->>'type')
            from node_run where run = cast(:run as uuid)
            """)
        .param("run", run)
        .query(String.class)
        .list()
        .forEach(
            text -> {
              Map<String, Object> node = Json.asObject(Json.parseTrusted(text));
              nodes.put(String.valueOf(node.get("id")), node);
            });
    return nodes;
  }

  private static String state(String run) {
    return database
        .jdbc()
        .sql("select state from run where id = cast(:run as uuid)")
        .param("run", run)
        .query(String.class)
        .single();
  }

  private static Object json(String sql, String run) {
    Optional<String> text =
        database.jdbc().sql(sql).param("run", run).query(String.class).optional();
    return Json.parseTrusted(text.orElse("null"));
  }

  /** Numbers as they are read from JSON. */
  private static Object asJson(Object value) {
    return Json.parseTrusted(Json.print(value));
  }
}
