package dev.drover.agent.dagger;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what programs wrote out of OTLP log records in JSON. */
final class LogRecords {
  private static final Logger LOG = LoggerFactory.getLogger(LogRecords.class);
  private static final String STREAM = "stdio.stream";
  private static final String END = "stdio.eof";

  private LogRecords() {}

  /**
   * What was written in one go.
   *
   * @param trace the id of the trace, in hexadecimal
   * @param stderr whether to stderr; else to stdout
   * @param last whether the stream ends with it
   */
  record Piece(String trace, boolean stderr, String text, boolean last) {}

  /** The pieces in an event's data, in order; records of another kind are left out. */
  static List<Piece> read(String data) {
    List<Piece> pieces = new ArrayList<>();
    try {
      Map<String, Object> request = Json.asObject(Json.parse(data));
      for (Object resource : list(request.get("resourceLogs"))) {
        for (Object scope : list(field(resource, "scopeLogs"))) {
          list(field(scope, "logRecords")).forEach(record -> add(record, pieces));
        }
      }
    } catch (InvalidJson | IllegalArgumentException e) {
      LOG.atDebug().setCause(e).log("An event of a Dagger session's log is not understood");
    }
    return pieces;
  }

  private static void add(Object record, List<Piece> pieces) {
    String stream = "";
    boolean last = false;
    for (Object attribute : list(field(record, "attributes"))) {
      @Nullable Object value = field(attribute, "value");
      if (STREAM.equals(field(attribute, "key"))) {
        stream = String.valueOf(field(value, "intValue")); // 64 bits travel as text
      } else if (END.equals(field(attribute, "key"))) {
        last = Boolean.TRUE.equals(field(value, "boolValue"));
      }
    }
    if (stream.equals("1") || stream.equals("2")) {
      @Nullable Object text = field(field(record, "body"), "stringValue");
      String trace = trace(String.valueOf(field(record, "traceId")));
      pieces.add(new Piece(trace, stream.equals("2"), text == null ? "" : "" + text, last));
    }
  }

  private static String trace(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }

  private static @Nullable Object field(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
