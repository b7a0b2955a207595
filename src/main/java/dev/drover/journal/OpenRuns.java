package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Opens runs, once per dedupe key. */
final class OpenRuns {
  private static final String OPEN =
      """
      insert into run (id, project, workflow, version, dedupe_key, state, reason, owner, epoch,
                       trigger, inputs, created_at, started_at)
      select e.id, e.project, e.workflow, e.version, e.dedupe_key,
             case when e.started_at is null then 'QUEUED' else 'RUNNING' end,
             case when e.started_at is null then 'waits for its turn' else 'in progress' end,
             case when e.started_at is null then null else ?::uuid end,
             case when e.started_at is null then 0 else 1 end,
             e.trigger::json, e.inputs::json, coalesce(e.started_at, now()), e.started_at
      from unnest(?::uuid[], ?::text[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[],
                  ?::timestamptz[])
           as e (id, project, workflow, version, dedupe_key, trigger, inputs, started_at)
      on conflict (project, dedupe_key) do nothing
      """;

  private static final String OPENED = "select id from run where id = any(?::uuid[])";

  private OpenRuns() {}

  static void write(Connection connection, UUID owner, List<Entry.Open> opens, List<Runnable> tell)
      throws SQLException {
    if (opens.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(OPEN)) {
      insert.setString(1, owner.toString());
      new Columns<>(connection, insert, 2, opens)
          .uuids(e -> e.request().id().value())
          .texts(e -> e.request().project().value())
          .texts(e -> e.request().workflow().value())
          .integers(e -> e.request().version())
          .texts(e -> e.request().dedupeKey())
          .texts(Entry.Open::trigger)
          .texts(Entry.Open::inputs)
          .times(e -> e.startedAt().orElse(null));
      insert.executeUpdate();
    }
    Set<UUID> opened = new HashSet<>();
    try (PreparedStatement select = connection.prepareStatement(OPENED)) {
      new Columns<>(connection, select, 1, opens).uuids(e -> e.request().id().value());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          opened.add(rows.getObject(1, UUID.class));
        }
      }
    }
    for (Entry.Open e : opens) {
      boolean isNew = opened.contains(e.request().id().value());
      tell.add(() -> e.future().complete(isNew));
    }
  }
}
