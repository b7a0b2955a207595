package dev.drover.chaos;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What was answered with 2xx against the episodes that are there. */
final class AlertChecks {
  private final Map<String, List<Span>> episodes = new HashMap<>();

  /** A time in which an alert fired, as the journal knows it; no end: it still does. */
  private record Span(String identity, Instant from, Instant until, long firings) {
    static Span of(ResultSet row) throws SQLException {
      OffsetDateTime end = row.getObject("ends_at", OffsetDateTime.class);
      return new Span(
          row.getString("identity"),
          row.getObject("starts_at", OffsetDateTime.class).toInstant(),
          end == null ? Instant.MAX : end.toInstant(),
          row.getLong("firings"));
    }

    boolean covers(Instant time) {
      return !time.isBefore(from) && !time.isAfter(until);
    }
  }

  AlertChecks(DataSource database) {
    JdbcClient.create(database)
        .sql("select identity, starts_at, ends_at, firings from alert_episode")
        .query((row, n) -> Span.of(row))
        .list()
        .forEach(e -> episodes.computeIfAbsent(e.identity(), i -> new ArrayList<>()).add(e));
  }

  int episodes() {
    return episodes.values().stream().mapToInt(List::size).sum();
  }

  /** Everything that is wrong, by rule. */
  Map<String, List<String>> findings(List<SentAlert> accepted) {
    return Map.of(
        "every accepted firing has an episode with a run", uncovered(accepted),
        "what has resolved is not open", stillOpen(accepted));
  }

  private List<String> uncovered(List<SentAlert> accepted) {
    return accepted.stream()
        .filter(SentAlert::fires)
        .filter(alert -> of(alert).stream().noneMatch(e -> isOf(e, alert)))
        .map(alert -> alert + " was accepted; there are only " + of(alert))
        .distinct()
        .toList();
  }

  private static boolean isOf(Span episode, SentAlert alert) {
    return episode.firings() > 0 && episode.covers(alert.startsAt());
  }

  private List<String> stillOpen(List<SentAlert> accepted) {
    Map<String, SentAlert> last = new HashMap<>();
    accepted.forEach(alert -> last.put(alert.fingerprint(), alert));
    return last.values().stream()
        .filter(alert -> !alert.fires())
        .filter(alert -> of(alert).stream().anyMatch(e -> e.until().equals(Instant.MAX)))
        .map(alert -> alert + " was accepted, and still fires: " + of(alert))
        .toList();
  }

  private List<Span> of(SentAlert alert) {
    return episodes.getOrDefault(alert.fingerprint(), List.of());
  }
}
