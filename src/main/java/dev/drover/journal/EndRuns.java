package dev.drover.journal;

import dev.drover.run.RunState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes how runs ended. */
final class EndRuns {
  private static final String END_RUNS =
      """
      update run r
      set state = e.state, reason = e.reason, outputs = e.outputs::json, error = e.error::json,
          ended_at = e.ended_at, owner = null, wake_at = null
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[],
                  ?::timestamptz[])
           as e (run, epoch, state, reason, outputs, error, ended_at)
      where r.id = e.run and r.epoch = e.epoch and r.owner = ?
      returning r.id
      """;

  /** A run that could not go on leaves nothing behind that looks as if it did. */
  private static final String END_NODES =
      """
      update node_run
      set state = 'CANCELLED', reason = 'the run ended before it', ended_at = now()
      where run = any(?::uuid[]) and state in ('PENDING', 'RUNNING', 'WAITING')
      """;

  private static final String END_ATTEMPTS =
      """
      update attempt
      set state = 'CANCELLED', ended_at = now()
      where run = any(?::uuid[]) and state = 'RUNNING'
      """;

  private static final String FORGET_SIGNALS = "delete from signal where run = any(?::uuid[])";

  private EndRuns() {}

  static void write(Connection connection, UUID owner, List<Entry.End> ends, List<Runnable> tell)
      throws SQLException {
    if (ends.isEmpty()) {
      return;
    }
    Set<String> written;
    try (PreparedStatement update = connection.prepareStatement(END_RUNS)) {
      new Columns<>(connection, update, 1, ends)
          .uuids(e -> e.run().value())
          .integers(Entry.End::epoch)
          .texts(e -> e.end().state().name())
          .texts(e -> e.end().reason())
          .texts(Entry.End::outputs)
          .texts(Entry.End::error)
          .times(Entry.End::at)
          .uuid(owner);
      written = Fence.written(update);
    }
    List<Entry.End> mine = ends.stream().filter(e -> written.contains(e.run().toString())).toList();
    forEach(
        connection,
        List.of(END_NODES, END_ATTEMPTS),
        mine.stream().filter(e -> e.end().state() != RunState.SUCCEEDED).toList());
    forEach(connection, List.of(FORGET_SIGNALS), mine);
    Parents.tell(connection, mine.stream().map(e -> e.run().value()).toList());
    for (Entry.End e : ends) {
      tell.add(Fence.answer(e, written.contains(e.run().toString())));
    }
  }

  private static void forEach(Connection connection, List<String> statements, List<Entry.End> ends)
      throws SQLException {
    if (ends.isEmpty()) {
      return;
    }
    for (String sql : statements) {
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        new Columns<>(connection, update, 1, ends).uuids(e -> e.run().value());
        update.executeUpdate();
      }
    }
  }
}
