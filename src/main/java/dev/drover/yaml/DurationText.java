package dev.drover.yaml;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in our documents: {@code 500ms}, {@code 30s}, {@code 1h30m}. */
public final class DurationText {
  /** What is allowed, in words. */
  public static final String RULE =
      "a whole number with ms, s, m, h or d, or several of them as in 1h30m; at most 36500d";

  // Twelve digits of days still are a long's worth of seconds.
  private static final Pattern PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private DurationText() {}

  /** The duration, if the text keeps the {@link #RULE}; it may be zero. */
  public static Optional<Duration> parse(String text) {
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (end < text.length()) {
      if (!part.find(end) || part.start() != end) {
        return Optional.empty();
      }
      long count = Long.parseLong(part.group(1));
      sum =
          switch (part.group(2)) {
            case "ms" -> sum.plusMillis(count);
            case "s" -> sum.plusSeconds(count);
            case "m" -> sum.plusSeconds(count * 60);
            case "h" -> sum.plusSeconds(count * 3_600);
            default -> sum.plusSeconds(count * 86_400);
          };
      end = part.end();
    }
    // Beyond that many days, arithmetic in nanoseconds would overflow wherever a deadline is kept.
    return end == 0 || sum.toDays() > 36_500 ? Optional.empty() : Optional.of(sum);
  }

  /** As {@link #parse} reads it, in the largest units that give whole numbers. */
  public static String print(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }
}
