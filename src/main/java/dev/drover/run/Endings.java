package dev.drover.run;

import dev.drover.run.Journal.StaleEpoch;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How runs leave a server's memory: ended, parked, or let go to be taken up again from the journal.
 * There is no fourth way, whatever goes wrong.
 */
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

  private final Journal journal;
  private final RunListener listener;
  private final Clock clock;
  private final EndWriter ends;
  private final Predicate<Execution> release;
  private final Set<RunId> letGo = ConcurrentHashMap.newKeySet();

  /**
   * @param release takes a run out of memory; true for the one caller that did
   */
  Endings(Journal journal, RunListener listener, Clock clock, Predicate<Execution> release) {
    this.journal = journal;
    this.listener = listener;
    this.clock = clock;
    this.ends = new EndWriter(journal, clock);
    this.release = release;
  }

  /** Runs of this server that it does not carry any more, and that are to be taken up again. */
  Set<RunId> letGo() {
    return letGo;
  }

  void complete(Execution execution) {
    if (!execution.beginEnd()) {
      return;
    }
    Optional<Execution.Ended> known = execution.ended();
    if (known.isPresent()) {
      RunEnd end = known.get().end();
      end(
          execution,
          end,
          ends.orElse(known.get().written(), execution.id(), execution.epoch(), end));
      return;
    }
    RunEnd end;
    try {
      end = execution.end();
    } catch (RuntimeException | Error e) {
      end = RunEnd.fault(Failure.of(e));
    }
    end(execution, end);
  }

  void fault(Execution execution, Throwable cause) {
    if (isRejection(cause)) {
      abandon(execution, cause);
    } else if (execution.beginEnd()) {
      RunLog.about(LOG.atError(), execution)
          .setCause(cause)
          .log("The engine failed; the run ends as FAILED");
      end(execution, RunEnd.fault(Failure.of(cause)));
    } else {
      RunLog.about(LOG.atDebug(), execution).setCause(cause).log("Behind its run's end");
    }
  }

  /** Executors refuse work only when the server stops: no reason for a run to fail. */
  private static boolean isRejection(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof RejectedExecutionException) {
        return true;
      }
    }
    return false;
  }

  void abandon(Execution execution, Throwable cause) {
    if (!release.test(execution)) {
      return;
    }
    if (cause instanceof StaleEpoch) {
      RunLog.about(LOG.atWarn(), execution).log("The run is carried elsewhere");
      return;
    }
    letGo.add(execution.id());
    RunLog.about(LOG.atWarn(), execution)
        .setCause(cause)
        .log("The run is let go, and will be taken up again from the journal");
  }

  /** Takes a run out of memory that only waits. */
  void park(Execution execution) {
    Map<NodeItem, Wait> waits = execution.waits();
    if (!release.test(execution)) {
      return;
    }
    Optional<Instant> wakeAt =
        Stream.concat(
                waits.values().stream().flatMap(wait -> wait.until().stream()),
                execution.deadline().stream())
            .min(Comparator.naturalOrder());
    Async.whenDone(
        journal.park(execution.id(), execution.epoch(), reason(waits), wakeAt),
        (done, failure) -> {
          if (failure != null && !(failure instanceof StaleEpoch)) {
            letGo.add(execution.id());
          }
        },
        bug -> letGo.add(execution.id()));
  }

  private static String reason(Map<NodeItem, Wait> waits) {
    String some =
        waits.entrySet().stream()
            .limit(3)
            .map(e -> e.getKey() + " waits " + e.getValue().words())
            .collect(Collectors.joining("; "));
    return waits.size() > 3 ? some + "; and " + (waits.size() - 3) + " more" : some;
  }

  private void end(Execution execution, RunEnd end) {
    end(execution, end, ends.write(execution.id(), execution.epoch(), end));
  }

  private void end(Execution execution, RunEnd end, CompletableFuture<Void> written) {
    Async.whenDone(
        written,
        (done, failure) -> {
          if (failure == null) {
            ended(execution, end);
          } else {
            abandon(execution, failure);
          }
        },
        bug -> abandon(execution, bug));
  }

  private void ended(Execution execution, RunEnd end) {
    if (!release.test(execution)) {
      return;
    }
    end.failure()
        .ifPresent(
            failure ->
                RunLog.failed(RunLog.about(LOG.atWarn(), execution), execution.id(), failure)
                    .log("Run failed"));
    tell(execution.subject(), end, execution.startedAt());
  }

  private void tell(RunEvent.Subject run, RunEnd end, Instant startedAt) {
    listener.on(
        new RunEvent.Ended(run, end.state(), end.reason(), true, startedAt, clock.instant()));
  }

  /** Ends a run whose version is not to be had any more. */
  void undeployable(LiveRun run, Exception e) {
    RunLog.about(LOG.atError(), run.subject()).setCause(e).log("A run's version can't be deployed");
    RunEnd end = RunEnd.fault(Failure.of(e));
    Async.whenDone(
        ends.write(run.id(), run.epoch(), end),
        (done, failure) -> {
          if (failure != null) {
            letGo.add(run.id());
          } else {
            tell(run.subject(), end, run.startedAt());
          }
        },
        bug -> letGo.add(run.id()));
  }
}
