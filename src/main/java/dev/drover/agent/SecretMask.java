package dev.drover.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replaces the values of an attempt's secrets by {@code ***} in everything that leaves it. */
public final class SecretMask {
  static final SecretMask NONE = new SecretMask(List.of());

  private static final String MASKED = "***";

  private final List<String> values;

  /** A secret of several lines is masked line by line as well, since logs are read by lines. */
  public SecretMask(Collection<String> secrets) {
    this.values =
        secrets.stream()
            .flatMap(s -> java.util.stream.Stream.concat(java.util.stream.Stream.of(s), s.lines()))
            .filter(s -> !s.isBlank())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** Masks a text. */
  public String text(String text) {
    String masked = text;
    for (String value : values) {
      masked = masked.replace(value, MASKED);
    }
    return masked;
  }

  /** Masks a name of a host, which has lost its capitals. */
  String host(String name) {
    String masked = text(name);
    for (String value : values) {
      masked = masked.replace(value.toLowerCase(Locale.ROOT), MASKED);
    }
    return masked;
  }

  /** Masks every string within a JSON value, names of fields too. */
  @Nullable Object json(@Nullable Object value) {
    if (values.isEmpty()) {
      return value;
    }
    if (value instanceof String text) {
      return text(text);
    } else if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((k, v) -> copy.put(text(String.valueOf(k)), json(v)));
      return copy;
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(json(item)));
      return copy;
    }
    return value;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /** The bytes that must be known beyond a cut to see whether it goes through a secret. */
  int longest() {
    return values.stream().mapToInt(v -> bytes(v).length).max().orElse(0);
  }

  /**
   * The nearest place at or before {@code at} where the line can be cut without cutting a secret,
   * which would show half of it; after {@code at} if a secret begins with the line.
   */
  int safeCut(byte[] line, int length, int at) {
    int cut = at;
    for (int i = 0; i < values.size(); i++) {
      byte[] secret = bytes(values.get(i));
      int from = Math.max(0, cut - secret.length + 1);
      for (int start = from; start < cut && start + secret.length <= length; start++) {
        if (start + secret.length > cut
            && java.util.Arrays.equals(
                line, start, start + secret.length, secret, 0, secret.length)) {
          cut = start == 0 ? secret.length : start;
          i = start == 0 ? values.size() : -1; // an earlier cut may go through another secret
          break;
        }
      }
    }
    return cut;
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
