package dev.drover.journal;

import dev.drover.alert.AlertSource;
import dev.drover.alert.AlertStore.Involved;
import dev.drover.alert.Cooldowns;
import dev.drover.alert.Suppressed;
import dev.drover.alert.WantedRun;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements about cooldowns; those that change one are for who holds its identity's lock. */
final class CooldownRows {
  private final JdbcClient jdbc;

  CooldownRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What is known of a delivery's alerts and group. */
  Map<Cooldowns.Key, Cooldowns.Cooldown> load(AlertSource source, Involved involved) {
    Map<Cooldowns.Key, Cooldowns.Cooldown> known = new HashMap<>();
    if (involved.cooling().isEmpty()) {
      return known;
    }
    jdbc.sql(
            """
            select workflow, identity, until, suppressed <> '{}' as pending
            from cooldown
            where project = :project and workflow = any(:workflows) and source = :source
              and identity = any(:identities)
            """)
        .param("project", source.project().value())
        .param("workflows", RowArrays.of(involved.cooling(), name -> name))
        .param("source", RowArrays.text(source.name()))
        .param("identities", involved.identities().toArray(String[]::new))
        .query((RowCallbackHandler) row -> known.put(key(row), cooldown(row)));
    return known;
  }

  private static Cooldowns.Key key(ResultSet row) throws SQLException {
    WorkflowName workflow = new WorkflowName(row.getString("workflow"));
    return new Cooldowns.Key(workflow, row.getString("identity"));
  }

  private static Cooldowns.Cooldown cooldown(ResultSet row) throws SQLException {
    Instant until = row.getObject("until", OffsetDateTime.class).toInstant();
    return new Cooldowns.Cooldown(until, row.getBoolean("pending"));
  }

  /**
   * Starts the cooldowns of runs that were opened. What is still remembered stays so: if it fires
   * at the end, it was opened by nobody.
   */
  void start(String source, List<WantedRun> opened, Instant now) {
    List<WantedRun> cooling =
        List.copyOf(
            opened.stream()
                .filter(run -> run.cooldown().isPresent())
                .collect(Collectors.toMap(CooldownRows::keyOf, run -> run, (a, b) -> b))
                .values());
    if (cooling.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into cooldown as c (project, workflow, source, identity, until)
            select u.project, u.workflow, :source, u.identity, u.until
            from unnest(:projects, :workflows, :identities, cast(:until as timestamptz[]))
              as u (project, workflow, identity, until)
            order by u.project, u.workflow, u.identity collate "C"
            on conflict on constraint cooldown_pk do update
            set until = greatest(c.until, excluded.until)
            """)
        .param("source", RowArrays.text(source))
        .param("projects", RowArrays.of(cooling, run -> run.request().project()))
        .param("workflows", RowArrays.of(cooling, run -> run.request().workflow()))
        .param("identities", RowArrays.of(cooling, run -> run.cooldown().orElseThrow().identity()))
        .param(
            "until", RowArrays.of(cooling, run -> now.plus(run.cooldown().orElseThrow().length())))
        .update();
  }

  private static List<Object> keyOf(WantedRun run) {
    return List.of(
        run.request().project(), run.request().workflow(), run.cooldown().orElseThrow().identity());
  }

  /** Remembers episodes that opened no run. */
  void suppress(AlertSource source, List<Suppressed> suppressed) {
    for (Suppressed one : suppressed) {
      jdbc.sql(
              """
              insert into cooldown as c (project, workflow, source, identity, until, suppressed)
              values (:project, :workflow, :source, :identity, :until,
                      cast(:episodes as uuid[]))
              on conflict on constraint cooldown_pk do update
              set suppressed = case when :more then c.suppressed || excluded.suppressed
                                    else excluded.suppressed end
              """)
          .param("project", source.project().value())
          .param("workflow", one.key().workflow().value())
          .param("source", RowArrays.text(source.name()))
          .param("identity", one.key().identity())
          .param("until", RowArrays.time(one.until()))
          .param("episodes", RowArrays.of(one.episodes(), id -> id))
          .param("more", one.more())
          .update();
    }
  }

  /** Removes some that ended and that nothing came during; who else works on one keeps it. */
  int removeQuiet(Instant now, int most) {
    return jdbc.sql(
            """
            delete from cooldown
            where (project, workflow, source, identity) in (
              select project, workflow, source, identity from cooldown
              where until <= :now and suppressed = '{}'
              order by until
              limit :most
              for update skip locked)
              and until <= :now and suppressed = '{}'
            """)
        .param("now", RowArrays.time(now))
        .param("most", most)
        .update();
  }

  /** The next that ended and that something came during, in a fixed order; not locked. */
  List<Due> due(Instant now, Due after, int most) {
    return jdbc.sql(
            """
            select project, workflow, source, identity, until, suppressed from cooldown
            where until <= :now and suppressed <> '{}' and until >= :until
              and (until, project, workflow, source, identity)
                > (:until, :project, :workflow, :source, :identity)
            order by until, project, workflow, source, identity
            limit :most
            """)
        .param("now", RowArrays.time(now))
        .param("until", RowArrays.time(after.until))
        .param("project", after.project.value())
        .param("workflow", after.workflow.value())
        .param("source", after.source)
        .param("identity", after.identity)
        .param("most", most)
        .query((row, n) -> due(row))
        .list();
  }

  /** One as it is now, if it is still due and nobody else works on it. */
  List<Due> lock(Due due, Instant now) {
    return jdbc.sql(
            """
            select project, workflow, source, identity, until, suppressed from cooldown
            where project = :project and workflow = :workflow and source = :source
              and identity = :identity and until <= :now
            for update skip locked
            """)
        .param("project", due.project.value())
        .param("workflow", due.workflow.value())
        .param("source", due.source)
        .param("identity", due.identity)
        .param("now", RowArrays.time(now))
        .query((row, n) -> due(row))
        .list();
  }

  /** Has one end later, if nobody has changed when; how many that were. */
  int putOff(Due due, Instant now, Instant until) {
    return jdbc.sql(
            """
            update cooldown
            set until = :until
            where project = :project and workflow = :workflow and source = :source
              and identity = :identity and until <= :now
            """)
        .param("until", RowArrays.time(until))
        .param("project", due.project.value())
        .param("workflow", due.workflow.value())
        .param("source", due.source)
        .param("identity", due.identity)
        .param("now", RowArrays.time(now))
        .update();
  }

  void remove(Due due) {
    jdbc.sql(
            """
            delete from cooldown
            where project = :project and workflow = :workflow and source = :source
              and identity = :identity
            """)
        .param("project", due.project.value())
        .param("workflow", due.workflow.value())
        .param("source", due.source)
        .param("identity", due.identity)
        .update();
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        new ProjectName(row.getString("project")),
        new WorkflowName(row.getString("workflow")),
        row.getString("source"),
        row.getString("identity"),
        row.getObject("until", OffsetDateTime.class).toInstant(),
        Arrays.asList((UUID[]) row.getArray("suppressed").getArray()));
  }

  /** A cooldown that ended. */
  record Due(
      ProjectName project,
      WorkflowName workflow,
      String source,
      String identity,
      Instant until,
      List<UUID> suppressed) {
    /** Before all others. */
    static final Due FIRST =
        new Due(ProjectName.DEFAULT, new WorkflowName("first"), "", "", Instant.EPOCH, List.of());

    Due {
      suppressed = List.copyOf(suppressed);
    }
  }
}
