package dev.drover.journal;

import dev.drover.alert.Alert;
import dev.drover.alert.EpisodeChange;
import dev.drover.alert.IdentityState;
import dev.drover.alert.Intake;
import dev.drover.alert.RememberedEpisode;
import dev.drover.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row of an identity after an episode of it has changed. */
record IdentityChange(String identity, IdentityState after) {
  /** The rows that do not stay as they are. */
  static List<IdentityChange> all(Intake intake, Map<String, IdentityState> known) {
    List<IdentityChange> rows = new ArrayList<>();
    for (EpisodeChange change : intake.changes()) {
      if (change instanceof EpisodeChange.Fires c) {
        rows.add(of(c.alert(), c, intake.receivedAt(), known));
      } else if (change instanceof EpisodeChange.Closes c) {
        rows.add(of(c.alert(), c, intake.receivedAt(), known));
      } else if (change instanceof EpisodeChange.Remembers c) {
        rows.add(of(c.alert(), c, intake.receivedAt(), known));
      }
    }
    return rows;
  }

  private static IdentityChange of(
      Alert alert, EpisodeChange change, Instant receivedAt, Map<String, IdentityState> known) {
    IdentityState before = known.getOrDefault(alert.identity(), IdentityState.UNSEEN);
    return new IdentityChange(alert.identity(), before.after(change, receivedAt));
  }

  /** The remembered episodes as their column has them; null if there are none. */
  @Nullable String remembered() {
    List<Map<String, Object>> json = new ArrayList<>();
    for (RememberedEpisode episode : after.remembered()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("episode", episode.id().toString());
      if (episode.after() != null) {
        one.put("after", episode.after().toString());
      }
      one.put("endsAt", episode.endsAt().toString());
      one.put("resolvedAt", episode.resolvedAt().toString());
      json.add(one);
    }
    return json.isEmpty() ? null : Json.print(json);
  }

  /** Reads what {@link #remembered()} wrote. */
  static List<RememberedEpisode> remembered(@Nullable String column) {
    List<RememberedEpisode> all = new ArrayList<>();
    if (column != null && Json.parseTrusted(column) instanceof List<?> elements) {
      for (Object element : elements) {
        Map<String, Object> one = Json.asObject(element);
        Object before = one.get("after");
        all.add(
            new RememberedEpisode(
                UUID.fromString(text(one, "episode")),
                before == null ? null : Instant.parse(before.toString()),
                Instant.parse(text(one, "endsAt")),
                Instant.parse(text(one, "resolvedAt"))));
      }
    }
    return all;
  }

  private static String text(Map<String, Object> json, String field) {
    return String.valueOf(json.get(field));
  }
}
