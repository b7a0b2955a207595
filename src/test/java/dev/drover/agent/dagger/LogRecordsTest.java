package dev.drover.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class LogRecordsTest {
  private static final String RECORD =
      """
      {"traceId":"S/kvNXezTaajzpKdDg5HNg==","body":{"stringValue":"%s"},"attributes":[
        {"key":"stdio.stream","value":{"intValue":"%d"}},{"key":"stdio.eof","value":{"boolValue":%b}}]}
      """;

  @Test
  void stdioIsReadAndOtherRecordsAreNot() {
    String records =
        String.join(
            ",",
            RECORD.formatted("line\\n", 2, false),
            "{\"traceId\":\"AA==\",\"body\":{\"stringValue\":\"of the engine's own\"}}",
            RECORD.formatted("", 1, true));
    String data = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + records + "]}]}]}";

    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    assertThat(LogRecords.read(data))
        .containsExactly(
            new LogRecords.Piece(trace, true, "line\n", false),
            new LogRecords.Piece(trace, false, "", true));
    assertThat(LogRecords.read("no json")).isEmpty();
    assertThat(LogRecords.read("{\"resourceLogs\":[7]}")).isEmpty();
  }

  @Test
  void eventsAreReadByLines() {
    List<String> events = new ArrayList<>();
    EventLines lines = new EventLines((id, data) -> events.add(id + "=" + data));
    lines.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {}

          @Override
          public void cancel() {}
        });

    List.of("event: subscribed", "", "id: 7", "event: logs", "data: {", "data:}", "", "data: cut")
        .forEach(lines::onNext);
    lines.onComplete();

    assertThat(events).containsExactly("7={\n}");
  }
}
