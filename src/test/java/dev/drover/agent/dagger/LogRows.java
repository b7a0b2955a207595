package dev.drover.agent.dagger;

import dev.drover.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The log records of a session, and their stream of server-sent events. */
final class LogRows {
  /** Few enough that an event is read in no time, however far an endless program is ahead. */
  private static final int BATCH = 8;

  private final List<Map<String, Object>> rows = new ArrayList<>();
  private int withheld;

  /** Lets every n-th record of stderr go missing in the stream; 0: none. */
  synchronized void withhold(int everyNth) {
    withheld = everyNth;
  }

  synchronized void add(String trace, int stream, String text, boolean last) {
    if (withheld > 0 && stream == 2 && !last && rows.size() % withheld == 0) {
      rows.add(Map.of());
      return;
    }
    Map<String, Object> which =
        Map.of("key", "stdio.stream", "value", Map.of("intValue", String.valueOf(stream)));
    Map<String, Object> end = Map.of("key", "stdio.eof", "value", Map.of("boolValue", true));
    rows.add(
        Map.of(
            "traceId", base64(trace),
            "spanId", base64("00f067aa0ba902b7"),
            "timeUnixNano", String.valueOf(System.nanoTime()),
            "body", Map.of("stringValue", text),
            "attributes", last ? List.of(which, end) : List.of(which)));
    notifyAll();
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  /** Streams until the client hangs up. */
  void stream(HttpConnections.Exchange exchange, String since) throws IOException {
    OutputStream out = exchange.stream("text/event-stream");
    exchange.onHangUp(this::wake);
    write(out, "event: subscribed\n\n");
    int next = since.isEmpty() ? 0 : Integer.parseInt(since);
    while (!exchange.hasHungUp()) {
      List<Map<String, Object>> batch = take(next, exchange);
      next += batch.size();
      List<Map<String, Object>> told = batch.stream().filter(row -> !row.isEmpty()).toList();
      Object scope = Map.of("scope", Map.of("name", "dagger.io/engine"), "logRecords", told);
      Object resource = Map.of("resource", Map.of(), "scopeLogs", List.of(scope));
      String data = Json.print(Map.of("resourceLogs", List.of(resource)));
      write(out, "id: " + next + "\nevent: logs\ndata: " + data + "\n\n");
    }
  }

  private synchronized List<Map<String, Object>> take(int next, HttpConnections.Exchange exchange) {
    while (rows.size() <= next && !exchange.hasHungUp()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
    return List.copyOf(
        rows.subList(Math.min(next, rows.size()), Math.min(rows.size(), next + BATCH)));
  }

  private synchronized void wake() {
    notifyAll();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
