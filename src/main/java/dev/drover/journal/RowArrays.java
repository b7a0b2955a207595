package dev.drover.journal;

import dev.drover.json.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values between Java and columns: many rows travel as one array of text a column. */
final class RowArrays {
  private RowArrays() {}

  /** One column of many rows, for {@code unnest(cast(:column as type[]))}. */
  static <T> @Nullable String[] of(List<T> rows, Function<T, @Nullable Object> value) {
    @Nullable String[] column = new String[rows.size()];
    for (int i = 0; i < column.length; i++) {
      Object cell = value.apply(rows.get(i));
      column[i] = cell == null ? null : cell.toString();
    }
    return column;
  }

  /** A column of JSON. */
  static <T> @Nullable String[] json(List<T> rows, Function<T, @Nullable Object> value) {
    return of(rows, row -> Json.print(value.apply(row)));
  }

  /** Text that a column can hold: PostgreSQL has no NUL in text, so it becomes its symbol. */
  static @Nullable String text(@Nullable String value) {
    return value == null ? null : value.replace('\0', '\u2400');
  }

  /** What pgjdbc takes for {@code timestamptz}. */
  static @Nullable OffsetDateTime time(@Nullable Instant at) {
    return at == null ? null : at.atOffset(ZoneOffset.UTC);
  }

  /** Writes many rows in parts, so that the heap holds the text of one part at a time. */
  static <T> void inParts(List<T> rows, int size, Consumer<List<T>> write) {
    for (int from = 0; from < rows.size(); from += size) {
      write.accept(rows.subList(from, Math.min(rows.size(), from + size)));
    }
  }

  /** The elements of a type. */
  static <T> List<T> only(List<?> mixed, Class<T> type) {
    List<T> found = new ArrayList<>();
    mixed.forEach(
        element -> {
          if (type.isInstance(element)) {
            found.add(type.cast(element));
          }
        });
    return found;
  }
}
