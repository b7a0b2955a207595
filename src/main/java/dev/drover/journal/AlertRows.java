package dev.drover.journal;

import dev.drover.alert.AlertSource;
import dev.drover.alert.AlertStore;
import dev.drover.alert.AlertmanagerBody;
import dev.drover.alert.Delivery;
import dev.drover.alert.Episode;
import dev.drover.alert.EpisodeState;
import dev.drover.alert.IdentityState;
import dev.drover.alert.Intake;
import dev.drover.alert.IntakeUnavailable;
import dev.drover.alert.Matches;
import dev.drover.alert.Refused;
import dev.drover.alert.UnknownProject;
import dev.drover.alert.WantedRun;
import dev.drover.name.ProjectName;
import dev.drover.run.LoggedListener;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Alerts in the journal: each delivery is one transaction in which its identities take turns. */
public final class AlertRows implements AlertStore {
  // Alertmanager gives up after 10 s at least, and sends the same again.
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final String QUEUED = "opened by an alert; waits for a server to start it";
  private static final String REPLAYED =
      "opened by an alert that was replayed; waits for a server to start it";
  private static final Logger LOG = LoggerFactory.getLogger(AlertRows.class);

  private final DataSource database;
  private final AlertWrites writes;
  private final AlertEpisodes episodes;
  private final AlertReads reads;
  private final AlertRuns runs;
  private final CooldownRows cooldowns;
  private final ResolvedRuns resolved;
  private final RunListener listener;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /**
   * {@code listener} hears of runs that are opened, and of those that end before they have started.
   */
  public AlertRows(DataSource database, RunListener listener, Clock clock) {
    this(database, listener, clock, DEADLINE);
  }

  private AlertRows(DataSource database, RunListener listener, Clock clock, Duration deadline) {
    this.database = database;
    JdbcTemplate operations = new JdbcTemplate(database);
    JdbcClient jdbc = JdbcClient.create(operations);
    this.writes = new AlertWrites(jdbc);
    this.episodes = new AlertEpisodes(jdbc);
    this.reads = new AlertReads(jdbc);
    this.runs = new AlertRuns(jdbc);
    this.cooldowns = new CooldownRows(jdbc);
    this.resolved = new ResolvedRuns(operations);
    this.listener = new LoggedListener(listener);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.transaction.setTimeout((int) deadline.toSeconds());
    this.clock = clock;
  }

  /** The same with another deadline of its transactions, in whole seconds. */
  public AlertRows within(Duration deadline) {
    return new AlertRows(database, listener, clock, deadline);
  }

  @Override
  public Optional<Written<Intake>> receive(
      AlertSource source,
      AlertmanagerBody body,
      Involved involved,
      Function<Known, Intake> decide) {
    Received received =
        available(
            () -> transaction.execute(status -> receiveLocked(source, body, involved, decide)));
    received.written.ifPresent(
        written -> {
          Intake intake = written.decided();
          tellOpened(listener, intake.matches().wanted(), written.opened(), clock.instant());
          logRefused(source.project(), intake.delivery(), intake.matches());
        });
    ResolvedRuns.tell(listener, received.dropped, clock.instant());
    return received.written;
  }

  private Received receiveLocked(
      AlertSource source,
      AlertmanagerBody body,
      Involved involved,
      Function<Known, Intake> decide) {
    if (!reads.exists(source.project())) {
      throw new UnknownProject(source.project());
    }
    Map<String, IdentityState> known = writes.lock(source, involved.identities());
    Intake intake = decide.apply(new Known(known, cooldowns.load(source, involved)));
    if (!writes.delivery(source, body, intake)) {
      return new Received(Optional.empty(), List.of());
    }
    episodes.write(source, body.group().receiver(), intake);
    writes.identities(source, IdentityChange.all(intake, known));
    Matches matches = intake.matches();
    Instant now = intake.receivedAt();
    cooldowns.suppress(source, intake.pending());
    Set<RunId> opened = runs.open(source.name(), matches.wanted(), intake.owner(), QUEUED, now);
    return new Received(
        Optional.of(new Written<>(intake, opened)), resolved.tell(intake.over(), now));
  }

  private record Received(Optional<Written<Intake>> written, List<RunEvent.Subject> dropped) {}

  @Override
  public Optional<Written<Matches>> replay(
      ProjectName project,
      UUID delivery,
      Optional<UUID> owner,
      Function<Unmatched, Matches> match) {
    Instant now = clock.instant();
    Optional<Written<Matches>> written =
        available(
            () ->
                transaction.execute(
                    status ->
                        reads
                            .body(project, delivery)
                            .map(body -> replay(project, delivery, body, owner, match, now))));
    written.ifPresent(
        w -> {
          tellOpened(listener, w.decided().wanted(), w.opened(), now);
          logRefused(project, delivery, w.decided());
        });
    return written;
  }

  private Written<Matches> replay(
      ProjectName project,
      UUID delivery,
      String body,
      Optional<UUID> owner,
      Function<Unmatched, Matches> match,
      Instant now) {
    writes.lockUnmatched(project, delivery);
    List<Episode> open = reads.unmatched(project, delivery);
    if (open.isEmpty()) {
      return new Written<>(new Matches(List.of(), List.of(), List.of()), Set.of());
    }
    Matches matches = match.apply(new Unmatched(body, open));
    writes.matched(matches.matched());
    String source = open.get(0).source(); // a delivery has one
    return new Written<>(matches, runs.open(source, matches.wanted(), owner, REPLAYED, now));
  }

  @Override
  public List<Episode> episodes(
      ProjectName project, @Nullable EpisodeState state, int limit, @Nullable UUID after) {
    return available(() -> reads.episodes(project, state, limit, after));
  }

  @Override
  public List<Delivery> deliveries(
      ProjectName project, DeliveryFilter filter, int limit, @Nullable UUID after) {
    return available(() -> reads.deliveries(project, filter, limit, after));
  }

  /** Does something with the database, and tells what it throws as this store does. */
  static <T> T available(Supplier<@Nullable T> work) {
    try {
      T result = work.get();
      if (result == null) {
        throw new IllegalStateException("a transaction gave nothing");
      }
      return result;
    } catch (DataAccessException e) {
      throw new IntakeUnavailable(e, GroupCommit.isRefusal(e));
    } catch (TransactionException e) { // not even begun, or out of time
      throw new IntakeUnavailable(e, false);
    }
  }

  /** Lets a listener hear of the runs that are there now, after that is durable. */
  static void tellOpened(
      RunListener listener, List<WantedRun> wanted, Set<RunId> opened, Instant now) {
    wanted.stream()
        .map(WantedRun::request)
        .filter(request -> opened.contains(request.id()))
        .forEach(request -> listener.on(RunEvent.Opened.of(request, now)));
  }

  /** Says which workflows wanted an alert in vain. */
  static void logRefused(ProjectName project, UUID delivery, Matches matches) {
    for (Refused refused : matches.refused()) {
      LOG.atWarn()
          .addKeyValue("project", project)
          .addKeyValue("delivery", delivery)
          .addKeyValue("workflow", refused.workflow())
          .log("An alert could not open a workflow");
      // It may quote the alert.
      LOG.atDebug()
          .addKeyValue("delivery", delivery)
          .addKeyValue("workflow", refused.workflow())
          .addKeyValue("reason", refused.reason())
          .log("Why an alert could not open a workflow");
    }
  }
}
