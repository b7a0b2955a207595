package dev.drover.journal;

import dev.drover.run.Journal.AttemptEnd;
import dev.drover.run.Journal.NodeSettled;
import dev.drover.run.NodeOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Writes the outcomes of nodes, and ends their attempts. */
final class SettleNodes {
  private static final String SETTLE_NODES =
      """
      insert into node_run (run, node_id, state, attempts, output, error, reason, started_at,
                            ended_at)
      select e.run, e.node_id, e.state, e.attempts, e.output::json, e.error::json, e.reason,
             e.started_at, e.ended_at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[],
                  ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
           as e (run, epoch, node_id, state, attempts, output, error, reason, started_at, ended_at)
      join run r on r.id = e.run and r.epoch = e.epoch
      for share of r -- a take-over that is not committed yet is waited for, and then seen
      on conflict (run, node_id) do update
        set state = excluded.state, attempts = excluded.attempts, output = excluded.output,
            error = excluded.error, reason = excluded.reason,
            started_at = coalesce(node_run.started_at, excluded.started_at),
            ended_at = excluded.ended_at
      returning run, node_id
      """;

  private static final String END_ATTEMPTS =
      """
      update attempt a
      set state = case when a.number = e.number then e.state else 'FAILED' end,
          exit_code = case when a.number = e.number then e.exit_code end,
          error = case when a.number = e.number then e.error::json
            else json_build_object('type', 'INTERRUPTED',
                                   'message', 'the server ended while it ran',
                                   'causes', json_build_array()) end,
          ended_at = e.ended_at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::integer[], ?::text[], ?::integer[],
                  ?::text[], ?::timestamptz[])
           as e (run, epoch, node_id, number, state, exit_code, error, ended_at)
      join run r on r.id = e.run and r.epoch = e.epoch
      where a.run = e.run and a.node_id = e.node_id
        and (a.number = e.number or a.number < e.number and a.state = 'RUNNING')
      """;

  private SettleNodes() {}

  static void write(Connection connection, List<Entry.Settle> settles, List<Runnable> tell)
      throws SQLException {
    if (settles.isEmpty()) {
      return;
    }
    Set<String> written;
    try (PreparedStatement insert = connection.prepareStatement(SETTLE_NODES)) {
      new Columns<>(connection, insert, 1, settles)
          .uuids(e -> e.settled().run().value())
          .integers(e -> e.settled().epoch())
          .texts(e -> e.settled().node().value())
          .texts(e -> e.settled().outcome().state().name())
          .integers(e -> e.settled().attempts())
          .texts(e -> e.payload().output())
          .texts(e -> e.payload().error())
          .texts(e -> e.payload().reason())
          .times(e -> e.settled().startedAt().orElse(null))
          .times(e -> e.settled().endedAt());
      written = Fence.written(insert);
    }
    endAttempts(
        connection, settles.stream().filter(e -> e.settled().attempt().isPresent()).toList());
    for (Entry.Settle e : settles) {
      tell.add(Fence.answer(e, written.contains(e.settled().run() + "/" + e.settled().node())));
    }
  }

  private static void endAttempts(Connection connection, List<Entry.Settle> tried)
      throws SQLException {
    if (tried.isEmpty()) {
      return;
    }
    try (PreparedStatement update = connection.prepareStatement(END_ATTEMPTS)) {
      new Columns<>(connection, update, 1, tried)
          .uuids(e -> e.settled().run().value())
          .integers(e -> e.settled().epoch())
          .texts(e -> e.settled().node().value())
          .integers(e -> e.settled().attempt().map(AttemptEnd::number).orElse(null))
          .texts(e -> attemptState(e.settled()))
          .integers(e -> e.settled().attempt().flatMap(AttemptEnd::exitCode).orElse(null))
          .texts(e -> e.payload().error())
          .times(e -> e.settled().endedAt());
      update.executeUpdate();
    }
  }

  private static String attemptState(NodeSettled settled) {
    NodeOutcome outcome = settled.outcome();
    return outcome instanceof NodeOutcome.Succeeded || outcome instanceof NodeOutcome.Cancelled
        ? outcome.state().name()
        : "FAILED";
  }
}
