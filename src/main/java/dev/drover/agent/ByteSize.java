package dev.drover.agent;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as manifests write them: {@code 512Mi}. */
final class ByteSize {
  static final String RULE = "a whole number with Ki, Mi or Gi, such as 512Mi";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(Ki|Mi|Gi)");

  private ByteSize() {}

  static OptionalLong parse(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (size.group(2)) {
          case "Ki" -> 10;
          case "Mi" -> 20;
          default -> 30;
        };
    return OptionalLong.of(Long.parseLong(size.group(1)) << shift);
  }

  /** For people: the largest unit that the amount fills, such as {@code 10 MiB}. */
  static String print(long bytes) {
    if (bytes >= 1L << 30 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + " GiB";
    } else if (bytes >= 1L << 20) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1L << 10 ? (bytes >> 10) + " KiB" : bytes + " bytes";
  }
}
