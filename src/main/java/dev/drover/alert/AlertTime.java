package dev.drover.alert;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as senders write them: RFC 3339, up to nine fraction digits, any offset. */
final class AlertTime {
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter();
  private static final int LAST_YEAR = 9999;

  private AlertTime() {}

  /**
   * The time, to the microsecond as the journal keeps it, so that a time compares the same before
   * and after it was stored; null for Go's zero time, which means that there is none.
   *
   * @throws DateTimeException if it is no time, or none that a calendar on the wall would show
   */
  static @Nullable Instant parse(String text) {
    OffsetDateTime time =
        OffsetDateTime.parse(text.strip(), FORMAT).withOffsetSameInstant(ZoneOffset.UTC);
    if (time.getYear() > LAST_YEAR) {
      throw new DateTimeException("beyond the year " + LAST_YEAR);
    }
    return time.getYear() <= 1 ? null : time.toInstant().truncatedTo(ChronoUnit.MICROS);
  }
}
