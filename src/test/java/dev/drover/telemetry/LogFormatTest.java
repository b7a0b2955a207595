package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import dev.drover.run.VersionId;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.spi.LoggingEventBuilder;

class LogFormatTest {
  private static final RunId RUN = RunId.of("01975a0e-0000-7000-8000-000000000001");
  private static final VersionId VERSION =
      new VersionId(ProjectName.DEFAULT, new WorkflowName("fix"), 3);

  /** A forged event, terminal control, separators, half a character, and quotes. */
  private static final String HOSTILE =
      "a\n2026-01-01T00:00:00.000Z INFO  Startup: forged\r\nb\u001b[2J\u0000\u2028\u2029\u0085"
          + "\u202e\ud800 \"}\\ \t{\"level\":\"ERROR\"}";

  /** Loki's for a line, unless it is told otherwise. */
  private static final int LONGEST = 256 * 1024;

  private final LogEvents log = new LogEvents();

  private static LoggingEventBuilder about(LoggingEventBuilder line) {
    return line.addKeyValue("run", RUN)
        .addKeyValue("workflow", VERSION)
        .addKeyValue("node", NodeItem.of(new NodeId("restart"), 2));
  }

  @Test
  void idsStandAtTheTopUnderNamesOfTheirOwn() {
    assertThat(log.object(LogFormatTest::about, "Node failed"))
        .containsEntry("run", RUN.toString())
        .containsEntry("project", "default")
        .containsEntry("workflow", "fix")
        .containsEntry("workflow_version", 3L)
        .containsEntry("node", "restart")
        .containsEntry("item", "2")
        .containsEntry("message", "Node failed")
        .containsEntry("log", Map.of("level", "WARN", "logger", "dev.drover.run.Endings"))
        .containsKey("@timestamp");
  }

  @Test
  void valuesAreTextsNumbersOrListsOfTexts() {
    Map<String, Object> line =
        log.object(
            l ->
                l.addKeyValue("causes", List.of(RUN, "b"))
                    .addKeyValue("names", new String[] {"x", "y"})
                    .addKeyValue("at", Instant.EPOCH)
                    .addKeyValue("took", Duration.ofSeconds(3))
                    .addKeyValue("file", Path.of("a", "b"))
                    .addKeyValue("some", Optional.of(VERSION.workflow()))
                    .addKeyValue("none", Optional.empty())
                    .addKeyValue("count", 3)
                    .addKeyValue("ratio", Double.NaN)
                    .addKeyValue("nothing", (Object) null)
                    .addKeyValue("map", Map.of("k", RUN)),
            "m");
    assertThat(line)
        .containsEntry("causes", List.of(RUN.toString(), "b"))
        .containsEntry("names", List.of("x", "y"))
        .containsEntry("at", "1970-01-01T00:00:00Z")
        .containsEntry("took", "PT3S")
        .containsEntry("file", "a/b")
        .containsEntry("some", "fix")
        .containsEntry("none", "")
        .containsEntry("count", 3L)
        .containsEntry("ratio", "NaN")
        .containsEntry("map", "{k=" + RUN + "}")
        .doesNotContainKey("nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecs", "logstash", "gelf"})
  void noKeyCostsTheLine(String format) {
    String line =
        log.json(
            format,
            l -> {
              for (String key :
                  List.of("run", "run", "message", "error", "log", "host", "level", "@timestamp")) {
                l = l.addKeyValue(key, "value of " + key);
              }
              return l.addKeyValue("version", "v")
                  .addKeyValue("short_message", "s")
                  .setCause(failure());
            },
            "m");
    assertThat(Json.asObject(Json.parseTrusted(line)))
        .containsEntry("run", "value of run")
        .containsEntry("message_", "value of message");
  }

  @Test
  void anErrorCarriesTypeMessageStackAndCauses() {
    Map<String, Object> line = log.object(l -> l.setCause(failure()), "m");
    assertThat(Json.asObject(line.get("error")))
        .containsEntry("type", "java.lang.IllegalStateException")
        .containsEntry("message", "outer")
        .extractingByKey("stack_trace")
        .asString()
        .contains("LogFormatTest.failure", "Caused by: java.io.IOException: inner", "Suppressed: ");
    assertThat(line)
        .containsEntry(
            "causes",
            List.of("java.io.IOException: inner", "java.lang.ArithmeticException: innermost"));
  }

  private static Exception failure() {
    Exception failure =
        new IllegalStateException(
            "outer", new java.io.IOException("inner", new ArithmeticException("innermost")));
    failure.addSuppressed(new IllegalArgumentException("beside"));
    return failure;
  }

  @Test
  void theSpanOfTheThreadGivesTheTraceAndARunsOwnComesFirst() {
    SpanContext span =
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    try (Scope scope = Span.wrap(span).makeCurrent()) {
      assertThat(scope).isNotNull();
      assertThat(log.object(l -> l, "m"))
          .containsEntry("trace_id", span.getTraceId())
          .containsEntry("span_id", span.getSpanId());
      assertThat(log.object(l -> l.addKeyValue("trace_id", "of the run"), "m"))
          .containsEntry("trace_id", "of the run");
    }
    assertThat(log.object(l -> l, "m")).doesNotContainKeys("trace_id", "span_id");
  }

  @Test
  void theNamesOfTracingBridgesAreTranslated() {
    log.context().getMDCAdapter().put("traceId", "0af7651916cd43dd8448eb211c80319c");
    log.context().getMDCAdapter().put("spanId", "b7ad6b7169203331");
    assertThat(log.object(l -> l, "m"))
        .containsEntry("trace_id", "0af7651916cd43dd8448eb211c80319c")
        .containsEntry("span_id", "b7ad6b7169203331")
        .doesNotContainKeys("traceId", "spanId");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecs", "logstash", "gelf"})
  void hostileContentIsOneLineOfJson(String format) {
    String line = log.json(format, LogFormatTest::hostile, "m " + HOSTILE);
    assertThat(line).endsWith("\n");
    assertThat(line.chars().filter(c -> Character.isISOControl(c))).containsExactly((int) '\n');
    assertThat(line).doesNotContain("\u2028", "\u2029", "\u202e", "\ufffd");
    assertThat(Json.asObject(Json.parseTrusted(line)).get("run").toString())
        .contains("forged", "\\u001b[2J\\u0000\\u2028\\u2029\\u0085\\u202e\\ud800");
  }

  private static LoggingEventBuilder hostile(LoggingEventBuilder line) {
    return line.addKeyValue("run", HOSTILE)
        .addKeyValue("list", List.of(HOSTILE))
        .addKeyValue(HOSTILE, "v")
        .setCause(new IllegalStateException(HOSTILE, new RuntimeException(HOSTILE)));
  }

  @Test
  void hostileContentCanNotForgeALineOfText() {
    List<String> lines = log.text(LogFormatTest::hostile, "m " + HOSTILE).lines().toList();
    assertThat(lines.get(0)).matches("20\\d\\d-.*Z WARN  Endings: m a");
    assertThat(lines.subList(1, lines.size())).isNotEmpty().allMatch(l -> l.startsWith("    "));
    assertThat(String.join("", lines).chars().filter(c -> c != '\t'))
        .noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u202e');
    assertThat(lines)
        .anyMatch(
            l -> l.contains(" run=\"a\\n2026-01-01T00:00:00.000Z INFO") && l.contains("\\\"}"));
  }

  @Test
  void aLineOfTextIsShort() {
    assertThat(log.text(LogFormatTest::about, "Node failed"))
        .matches(
            ".*Z WARN  Endings: Node failed run=\""
                + RUN
                + "\" workflow=\"default/fix@3\" node=\"restart/2\"\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "x", "\u00e9", "\u20ac", "\ud83d\ude00", "\"", "\n"})
  void noLineIsLongerThanLokiTakes(String filler) {
    String much = filler.repeat(20_000);
    UnaryOperator<LoggingEventBuilder> line =
        l -> {
          for (int i = 0; i < 30; i++) {
            l = l.addKeyValue("key" + i, i % 2 == 0 ? much : List.of(much, much));
          }
          return l.setCause(deep(much));
        };
    String written = log.json("ecs", line, much);
    assertThat(written.getBytes(StandardCharsets.UTF_8).length).isLessThan(LONGEST);
    assertThat(Json.asObject(Json.parseTrusted(written))).containsKeys("message", "key0", "error");
  }

  private static Exception deep(String message) {
    List<Exception> chain = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      chain.add(new IllegalStateException(message, i == 0 ? null : chain.get(i - 1)));
    }
    return chain.get(chain.size() - 1);
  }
}
