package dev.drover.journal;

import dev.drover.alert.WantedRun;
import dev.drover.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Opens runs for alerts, with all that belongs to that: which episodes they are for, and the
 * cooldowns that they start. Used inside the transaction of what opens them.
 */
final class AlertRuns {
  private static final int PART = 5_000;

  private final JdbcClient jdbc;
  private final QueuedRuns runs;
  private final CooldownRows cooldowns;

  AlertRuns(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.runs = new QueuedRuns(jdbc);
    this.cooldowns = new CooldownRows(jdbc);
  }

  /**
   * The runs that are new: those whose key no run of their project had.
   *
   * @param source of all their alerts
   */
  Set<RunId> open(
      String source, List<WantedRun> wanted, Optional<UUID> owner, String reason, Instant now) {
    Set<RunId> opened = runs.insert(wanted, owner, reason, now);
    List<WantedRun> fresh = wanted.stream().filter(w -> opened.contains(w.request().id())).toList();
    List<Link> links = new ArrayList<>();
    for (WantedRun run : fresh) {
      run.episodes().forEach(episode -> links.add(new Link(episode, run.request().id())));
    }
    RowArrays.inParts(links, PART, this::link);
    cooldowns.start(source, fresh, now);
    return opened;
  }

  private void link(List<Link> links) {
    jdbc.sql(
            """
            insert into run_episode (episode, run)
            select * from unnest(cast(:episodes as uuid[]), cast(:runs as uuid[]))
            """)
        .param("episodes", RowArrays.of(links, Link::episode))
        .param("runs", RowArrays.of(links, Link::run))
        .update();
  }

  private record Link(UUID episode, RunId run) {}
}
