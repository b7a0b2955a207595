package dev.drover.journal;

import dev.drover.run.Signal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Writes entries in one transaction, which for almost all of them is one round trip. Everything is
 * locked in one order: the server, its sums of the day, episodes, runs.
 */
final class EntryWriter implements AutoCloseable {
  private final WriterConnection connection;
  private final Supplier<UUID> server;
  private final Consumer<Entry> again;

  /**
   * @param server under whose lease everything is written
   * @param again takes an entry that is to be written once more
   */
  EntryWriter(DataSource database, Supplier<UUID> server, Consumer<Entry> again) {
    this.connection = new WriterConnection(database);
    this.server = server;
    this.again = again;
  }

  /**
   * Writes all entries or none.
   *
   * @return what is to be told now that they are durable
   */
  List<Runnable> write(List<Entry> entries) {
    return connection.use(
        open ->
            entries.stream().allMatch(EntryWriter::isPlain)
                ? plainly(open, entries)
                : inSteps(open, entries));
  }

  /** Whether no statement depends on what another one has answered. */
  private static boolean isPlain(Entry entry) {
    if (entry instanceof Entry.Await e) {
      return AwaitNodes.isPlain(e);
    } else if (entry instanceof Entry.Tell e) {
      return e.signal().kind() != Signal.Kind.CANCEL;
    } else if (entry instanceof Entry.End e) {
      return e.isOrphan();
    }
    return true;
  }

  private List<Runnable> plainly(Connection open, List<Entry> entries) throws SQLException {
    Step step = new Step(entries, server.get());
    Signals.add(step.trip, step.signals());
    List<Entry.End> ends = step.ends();
    Set<String> ended = EndRuns.add(step.trip, step.server, ends, true);
    ParkRuns.add(step.trip, step.server, step.of(Entry.Park.class), step.news);
    step.trip.run(open);
    step.answerOpens(open);
    for (Entry.End e : ends) {
      step.news.add(
          ended.contains(e.run().toString())
              ? () -> e.future().complete(null)
              : () -> again.accept(e.withParent()));
    }
    return step.news;
  }

  private List<Runnable> inSteps(Connection open, List<Entry> entries) throws SQLException {
    open.setAutoCommit(false);
    try {
      Step step = new Step(entries, server.get());
      List<Entry.End> ends = step.ends();
      Set<String> ended = EndRuns.add(step.trip, step.server, ends, false);
      ParkRuns.add(step.trip, step.server, step.of(Entry.Park.class), step.news);
      step.trip.run(open);
      step.answerOpens(open);
      RoundTrip next = new RoundTrip();
      AwaitNodes.follow(next, step.of(Entry.Await.class), step.waiting);
      next.run(open);
      Signals.send(open, step.signals());
      Parents.tell(open, ended.stream().map(UUID::fromString).toList());
      open.commit();
      ends.forEach(e -> step.news.add(Fence.answer(e, ended, e.run().toString())));
      return step.news;
    } catch (SQLException | RuntimeException | Error e) {
      open.rollback();
      throw e;
    } finally {
      open.setAutoCommit(true);
    }
  }

  /** The first round trip, as far as it is always the same. */
  private static final class Step {
    private final List<Entry> entries;
    private final UUID server;
    private final RoundTrip trip = new RoundTrip();
    private final List<Runnable> news = new ArrayList<>();
    private final Map<UUID, Boolean> opened;
    private final Set<String> waiting;

    Step(List<Entry> entries, UUID server) {
      this.entries = entries;
      this.server = server;
      List<Entry.Await> waits = of(Entry.Await.class);
      Fence.hold(trip, server);
      AwaitNodes.lockEpisodes(trip, waits);
      this.opened = OpenRuns.add(trip, server, of(Entry.Open.class));
      StartAttempts.add(trip, server, of(Entry.Start.class), news);
      this.waiting = AwaitNodes.add(trip, server, waits, news);
      List<Entry.Settle> settles = of(Entry.Settle.class);
      SettleNodes.add(trip, server, settles, news);
      EndAttempts.add(trip, server, settles, waits);
      SpendingRows.add(trip, of(Entry.Spent.class), news);
      of(Entry.Tell.class).forEach(e -> news.add(() -> e.future().complete(null)));
    }

    <T extends Entry> List<T> of(Class<T> type) {
      return RowArrays.only(entries, type);
    }

    List<Entry.End> ends() {
      return Stream.concat(
              of(Entry.Settle.class).stream().flatMap(e -> e.end().stream()),
              of(Entry.End.class).stream())
          .toList();
    }

    List<Signal> signals() {
      return of(Entry.Tell.class).stream().map(Entry.Tell::signal).toList();
    }

    void answerOpens(Connection open) throws SQLException {
      OpenRuns.answer(open, server, of(Entry.Open.class), opened, news);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
