package dev.drover.alert;

import dev.drover.name.ProjectName;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries whether the store is there or not: what it can't store within a few seconds is
 * kept in the spool. A sender is answered in time even by a database that hangs, and what it sends
 * is stored in the order in which it sent it.
 */
public final class AlertReception {
  private static final Logger LOG = LoggerFactory.getLogger(AlertReception.class);

  /** Alertmanager gives up after ten seconds, and reading the body takes some of them. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AlertIntake intake;
  private final Spool spool;
  private final Backlog backlog;
  private final Consumer<IntakeResult> late;
  private final Executor storing;
  private final AtomicInteger hanging = new AtomicInteger();
  private volatile long awaySince = System.nanoTime() - AWAY_NANOS;

  /**
   * Wires a reception.
   *
   * @param late hears of deliveries that were stored after their senders were answered
   * @param storing where the store is waited for; it may refuse more than it can do at a time
   */
  public AlertReception(
      AlertIntake intake,
      Spool spool,
      Backlog backlog,
      Consumer<IntakeResult> late,
      Executor storing) {
    this.intake = intake;
    this.spool = spool;
    this.backlog = backlog;
    this.late = late;
    this.storing = storing;
  }

  /**
   * Takes one body; when this returns, it is durable.
   *
   * @param source the credential or the webhook's path, see {@link AlertSource#name}
   * @return what became of its alerts, or that they are {@link AlertOutcome#SPOOLED}
   * @throws RejectedBody if it is no alert notification; nothing is kept
   * @throws IntakeUnavailable if it could neither be stored nor spooled; it should be sent again
   * @throws Overloaded if too many runs wait already; it should be sent again
   * @throws UnknownProject if there is no such project
   */
  public IntakeResult receive(ProjectName project, String source, byte[] body) throws RejectedBody {
    Receipt receipt = intake.read(project, source, body);
    if (isAway()) {
      return keep(receipt, new IntakeUnavailable("the alert store did not answer just now"));
    }
    try {
      if (!spool.holds(receipt.sender())) {
        return inTime(() -> storeNow(receipt), late);
      }
      // The store is there: what waits is no way round the bound on the runs.
      var unused = inTime(() -> requireRoom(receipt), checked -> {});
    } catch (IntakeUnavailable e) {
      awaySince = System.nanoTime();
      return keep(receipt, e);
    }
    return keep(receipt, new IntakeUnavailable("earlier deliveries wait in the spool"));
  }

  /** As long as a delivery hangs in the store, others do not follow it there. */
  private boolean isAway() {
    boolean justNow = !spool.isOff() && System.nanoTime() - awaySince < AWAY_NANOS;
    return justNow || hanging.get() > 0;
  }

  private <T> T inTime(Supplier<T> work, Consumer<T> tooLate) {
    CompletableFuture<T> attempt = new CompletableFuture<>();
    try {
      storing.execute(
          () -> {
            try {
              attempt.complete(work.get());
            } catch (RuntimeException | Error e) {
              attempt.completeExceptionally(e);
            }
          });
      return attempt.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new IntakeUnavailable("too many deliveries are being stored");
    } catch (TimeoutException e) {
      abandon(attempt, tooLate);
      throw new IntakeUnavailable("the alert store did not answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon(attempt, tooLate);
      throw new IntakeUnavailable("the server stops");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  private IntakeResult storeNow(Receipt receipt) {
    return intake.store(requireRoom(receipt));
  }

  private Receipt requireRoom(Receipt receipt) {
    if (receipt.fires()) {
      backlog.requireRoom();
    }
    return receipt;
  }

  /** It may be stored yet; the copy in the spool, of the same id, then does nothing. */
  private <T> void abandon(CompletableFuture<T> attempt, Consumer<T> tooLate) {
    hanging.incrementAndGet();
    var unused =
        attempt.whenComplete(
            (result, failure) -> {
              hanging.decrementAndGet();
              if (result != null) {
                tooLate.accept(result);
              }
            });
  }

  private IntakeResult keep(Receipt receipt, IntakeUnavailable why) {
    try {
      if (!spool.put(receipt)) {
        throw why;
      }
    } catch (IOException e) {
      LOG.atError().setCause(e).log("The spool can't be written");
      throw why;
    }
    if (spool.size() == 1) {
      LOG.atWarn()
          .setCause(why)
          .log("Deliveries are kept in the spool until the database takes them");
    }
    return receipt.spooled();
  }
}
