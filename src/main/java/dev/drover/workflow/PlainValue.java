package dev.drover.workflow;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what CEL computed into plain JSON values. */
final class PlainValue {
  private PlainValue() {}

  /**
   * Times and durations become text as CEL prints them, bytes become base64; data that passed
   * through unchanged is not copied.
   *
   * @throws ExpressionFailure if it has no likeness in JSON
   */
  static @Nullable Object of(@Nullable Object value) throws ExpressionFailure {
    if (value == null || value instanceof NullValue) {
      return null;
    } else if (value instanceof String || value instanceof Boolean || value instanceof Long) {
      return value;
    } else if (value instanceof DataMap map) {
      return map.raw();
    } else if (value instanceof DataList list) {
      return list.raw();
    } else if (value instanceof Map<?, ?> map) {
      return object(map);
    } else if (value instanceof Collection<?> list) {
      return array(list);
    }
    return scalar(value);
  }

  private static Object scalar(Object value) throws ExpressionFailure {
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw new ExpressionFailure("the result is " + number + ", which is not a JSON number");
      }
      return number;
    } else if (value instanceof Number number) {
      return integer(new BigInteger(number.toString()));
    } else if (value instanceof CelByteString bytes) {
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    } else if (value instanceof Instant time) {
      return time.toString();
    } else if (value instanceof Duration duration) {
      return seconds(duration);
    } else if (value instanceof Optional) {
      throw new ExpressionFailure(
          "the result is an optional value; end the expression with .orValue(...)");
    }
    throw new ExpressionFailure("the result is a type or function, not a JSON value");
  }

  /** CEL's unsigned integers can be beyond a Long; JSON reads such as doubles, too. */
  private static Object integer(BigInteger number) {
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number.doubleValue();
  }

  private static String seconds(Duration duration) {
    double fraction = duration.toMillis() / 1000.0;
    return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : fraction + "s";
  }

  private static Map<String, Object> object(Map<?, ?> map) throws ExpressionFailure {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw new ExpressionFailure(
            "the result has a map with the key " + entry.getKey() + "; in JSON, keys are strings");
      }
      plain.put(key, of(entry.getValue()));
    }
    return plain;
  }

  private static List<Object> array(Collection<?> list) throws ExpressionFailure {
    List<Object> plain = new ArrayList<>(list.size());
    for (Object item : list) {
      plain.add(of(item));
    }
    return plain;
  }
}
