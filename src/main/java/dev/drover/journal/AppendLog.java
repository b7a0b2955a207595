package dev.drover.journal;

import dev.drover.run.Journal.LogLine;
import java.util.ArrayList;
import java.util.List;

/** Appends lines to the logs of attempts whose run is there; a line that is there stays. */
final class AppendLog {
  private static final String LOG =
      """
      insert into agent_log (run, node_id, item, attempt, line, at, text)
      select e.run, e.node_id, e.item, e.attempt, e.line, e.at, e.text
      from unnest(?::uuid[], ?::text[], ?::text[], ?::integer[], ?::integer[], ?::timestamptz[],
                  ?::text[])
           as e (run, node_id, item, attempt, line, at, text)
      where exists (select from run r where r.id = e.run)
      on conflict do nothing
      """;

  private AppendLog() {}

  static void add(RoundTrip trip, List<Entry.Log> logs) {
    List<Line> lines = new ArrayList<>();
    for (Entry.Log e : logs) {
      e.lines().forEach(line -> lines.add(new Line(e, line)));
    }
    trip.add(
        LOG,
        lines,
        columns ->
            columns
                .uuids(l -> l.entry().run().value())
                .texts(l -> l.entry().node().node().value())
                .texts(l -> l.entry().node().item())
                .integers(l -> l.entry().attempt())
                .integers(l -> l.line().number())
                .times(l -> l.line().at())
                .texts(l -> l.line().text()));
  }

  private record Line(Entry.Log entry, LogLine line) {}
}
