package dev.drover.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON as JDK values: {@code Map<String, Object>} (in document order), {@code
 * List}, {@code String}, {@code Long}, {@code Double}, {@code Boolean} and null. These are the
 * values that expressions compute with, so data crosses Drover without being mapped twice.
 *
 * <p>Nesting is limited to {@value #MAX_DEPTH} levels, so that no document can exhaust a stack.
 */
public final class Json {
  /** The deepest nesting that is read. */
  public static final int MAX_DEPTH = 200;

  /** What we write ourselves wraps values that are as deep as may be. */
  private static final int WRAPPINGS = 10;

  private static final ObjectMapper MAPPER = mapper(MAX_DEPTH);
  private static final ObjectMapper TRUSTING = mapper(MAX_DEPTH + WRAPPINGS);

  private Json() {}

  private static ObjectMapper mapper(int depth) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(64 << 20)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .addModule(
            new SimpleModule()
                .addSerializer(Double.class, new FiniteNumbers())
                .addSerializer(String.class, new WellFormedText()))
        .build();
  }

  /**
   * Reads one document. Integers beyond 64 bits become doubles; a key that occurs twice in an
   * object, and a number beyond a double's range, are refused.
   *
   * @throws InvalidJson if the text is not exactly one JSON document
   */
  public static @Nullable Object parse(String text) throws InvalidJson {
    try {
      return exact(MAPPER.readValue(text, Object.class));
    } catch (JsonProcessingException e) {
      throw new InvalidJson(describe(e));
    }
  }

  /**
   * Reads one document from UTF-8 (or UTF-16/32) bytes.
   *
   * @throws InvalidJson if the bytes are not exactly one JSON document
   */
  public static @Nullable Object parse(byte[] bytes) throws InvalidJson {
    try {
      return exact(MAPPER.readValue(bytes, Object.class));
    } catch (IOException e) {
      throw new InvalidJson(describe(e));
    }
  }

  /**
   * Reads one document to the end of the stream.
   *
   * @throws InvalidJson if the bytes are not exactly one JSON document
   * @throws UncheckedIOException if the stream itself fails
   */
  public static @Nullable Object parse(InputStream in) throws InvalidJson {
    try {
      return exact(MAPPER.readValue(in, Object.class));
    } catch (JsonProcessingException e) {
      throw new InvalidJson(describe(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what this class wrote itself: text from the journal, where a fault is a bug. */
  public static @Nullable Object parseTrusted(String text) {
    try {
      return exact(TRUSTING.readValue(text, Object.class));
    } catch (JsonProcessingException | InvalidJson e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Writes a value; strings that are not well-formed Unicode are written with U+FFFD.
   *
   * @throws IllegalArgumentException if it is no JSON value, which NaN and infinities aren't
   */
  public static String print(@Nullable Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON value: " + e.getOriginalMessage(), e);
    }
  }

  /** The same as {@link #print}, indented for people. */
  public static String pretty(@Nullable Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON value: " + e.getOriginalMessage(), e);
    }
  }

  /** The name of a value's JSON type, for messages. */
  public static String typeOf(@Nullable Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof Map) {
      return "object";
    } else if (value instanceof List) {
      return "array";
    } else if (value instanceof String) {
      return "string";
    } else if (value instanceof Boolean) {
      return "boolean";
    } else if (value instanceof Long || value instanceof Integer) {
      return "integer";
    }
    return value instanceof Number ? "number" : value.getClass().getSimpleName();
  }

  /** Whether the value is nested so deeply that {@link #parse} would refuse its text. */
  public static boolean isTooDeep(@Nullable Object value) {
    return isDeeperThan(MAX_DEPTH, value);
  }

  private static boolean isDeeperThan(int levels, @Nullable Object value) {
    Collection<?> children =
        value instanceof Map<?, ?> map
            ? map.values()
            : value instanceof List<?> list ? list : List.of();
    if (value instanceof Map || value instanceof List) {
      if (levels == 0) {
        return true;
      }
      for (Object child : children) {
        if (isDeeperThan(levels - 1, child)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The value as an object; empty if it is none. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> asObject(@Nullable Object value) {
    return value instanceof Map ? (Map<String, Object>) value : Map.of();
  }

  /** Brings numbers to Long and Double, which is what expressions know; in place. */
  private static @Nullable Object exact(@Nullable Object value) throws InvalidJson {
    if (value instanceof BigInteger big) {
      return finite(big.doubleValue());
    }
    if (value instanceof Double number) {
      return finite(number);
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof Map) {
      @SuppressWarnings("unchecked")
      Map<String, @Nullable Object> map = (Map<String, @Nullable Object>) value;
      for (Map.Entry<String, @Nullable Object> entry : map.entrySet()) {
        entry.setValue(exact(entry.getValue()));
      }
    } else if (value instanceof List) {
      @SuppressWarnings("unchecked")
      List<@Nullable Object> list = (List<@Nullable Object>) value;
      for (int i = 0; i < list.size(); i++) {
        list.set(i, exact(list.get(i)));
      }
    }
    return value;
  }

  private static Double finite(double number) throws InvalidJson {
    if (!Double.isFinite(number)) {
      throw new InvalidJson("a number is beyond the range of a 64-bit floating point number");
    }
    return number;
  }

  private static String describe(IOException e) {
    if (!(e instanceof JsonProcessingException json)) {
      return String.valueOf(e.getMessage());
    }
    JsonLocation at = json.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    String message = json.getOriginalMessage();
    int detail = message.indexOf("\n");
    return (detail < 0 ? message : message.substring(0, detail)) + where;
  }
}
