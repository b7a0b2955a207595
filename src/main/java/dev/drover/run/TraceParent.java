package dev.drover.run;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a trace, as the W3C's Trace Context writes it: {@code 00-<trace>-<span>-<flags>}. What
 * a run hands on is stored with it, so that one trace tells of it, whoever carries it.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero
 * @param sampled whether its spans are recorded
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
  private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern SPAN_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");
  private static final Pattern TEXT =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  /**
   * @throws IllegalArgumentException if one of the ids is none
   */
  public TraceParent {
    if (!TRACE_ID.matcher(traceId).matches() || !isSpanId(spanId)) {
      throw new IllegalArgumentException("no trace context: " + traceId + "-" + spanId);
    }
  }

  /** From a header's or a column's text; what is no such text is ignored, as the W3C asks. */
  public static Optional<TraceParent> of(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(matcher.group(3), 16) & 1) == 1;
    try {
      return Optional.of(new TraceParent(matcher.group(1), matcher.group(2), sampled));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // zeros
    }
  }

  /** Whether a text is the id of a span. */
  static boolean isSpanId(String text) {
    return SPAN_ID.matcher(text).matches();
  }

  /** Another span of the same trace. */
  public TraceParent withSpan(String otherSpanId) {
    return new TraceParent(traceId, otherSpanId, sampled);
  }

  @Override
  public String toString() {
    return "00-%s-%s-%s".formatted(traceId, spanId, sampled ? "01" : "00");
  }
}
