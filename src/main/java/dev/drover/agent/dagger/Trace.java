package dev.drover.agent.dagger;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** A W3C trace context: which trace the engine's spans and log records belong to. */
record Trace(String id, String parent) {
  private static final Pattern HEADER =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** The context of a {@code traceparent}, if it is a valid one. */
  static Optional<Trace> of(String traceparent) {
    return HEADER.matcher(traceparent).matches()
        ? Optional.of(new Trace(traceparent.substring(3, 35), traceparent.substring(36, 52)))
        : Optional.empty();
  }

  /** A new trace. */
  static Trace fresh(SecureRandom random) {
    return new Trace(hex(random, 16), hex(random, 8));
  }

  private static String hex(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    bytes[0] |= 1; // never all zeros
    return HexFormat.of().formatHex(bytes);
  }

  /** The header that is sent with a query. */
  String header() {
    return "00-" + id + "-" + parent + "-01";
  }
}
