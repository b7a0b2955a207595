package dev.drover.agents.headerchecker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A Set-Cookie header without the cookie's value, which is nobody's business. */
record Cookie(String name, Map<String, String> attributes) {
  static Cookie parse(String header) {
    List<String> parts = Arrays.asList(header.split(";", -1));
    String first = parts.get(0);
    Map<String, String> attributes = new HashMap<>();
    for (String part : parts.subList(1, parts.size())) {
      int equals = part.indexOf('=');
      String name = (equals < 0 ? part : part.substring(0, equals)).strip();
      String value = equals < 0 ? "" : part.substring(equals + 1).strip();
      attributes.put(name.toLowerCase(Locale.ROOT), value);
    }
    int equals = first.indexOf('=');
    return new Cookie((equals < 0 ? "" : first.substring(0, equals)).strip(), attributes);
  }

  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  boolean isSameSite(String value) {
    return value.equalsIgnoreCase(attributes.getOrDefault("samesite", ""));
  }

  /** Browsers refuse such a cookie. */
  boolean breaksItsPrefix() {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("__host-")) {
      return !has("secure") || has("domain") || !attributes.getOrDefault("path", "").equals("/");
    }
    return lower.startsWith("__secure-") && !has("secure");
  }

  /** A cookie that is being deleted protects nothing. */
  boolean isDeletion() {
    return attributes.getOrDefault("max-age", "").matches("0+|-[0-9]+")
        || attributes.getOrDefault("expires", "").contains("1970");
  }
}
