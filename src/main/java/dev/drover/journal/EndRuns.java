package dev.drover.journal;

import dev.drover.run.RunState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Writes how runs ended. */
final class EndRuns {
  private static final String END_RUNS =
      """
      update run r
      set state = e.state, reason = e.reason, outputs = e.outputs::json, error = e.error::json,
          ended_at = e.ended_at, owner = null
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[],
                  ?::timestamptz[])
           as e (run, epoch, state, reason, outputs, error, ended_at)
      where r.id = e.run and r.epoch = e.epoch
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

  private EndRuns() {}

  static void write(Connection connection, List<Entry.End> ends, List<Runnable> tell)
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
          .times(Entry.End::at);
      written = Fence.written(update);
    }
    endNodes(connection, ends.stream().filter(e -> isCutShort(e, written)).toList());
    for (Entry.End e : ends) {
      tell.add(Fence.answer(e, written.contains(e.run().toString())));
    }
  }

  private static boolean isCutShort(Entry.End end, Set<String> written) {
    return end.end().state() != RunState.SUCCEEDED && written.contains(end.run().toString());
  }

  private static void endNodes(Connection connection, List<Entry.End> ends) throws SQLException {
    if (ends.isEmpty()) {
      return;
    }
    for (String sql : List.of(END_NODES, END_ATTEMPTS)) {
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        new Columns<>(connection, update, 1, ends).uuids(e -> e.run().value());
        update.executeUpdate();
      }
    }
  }
}
