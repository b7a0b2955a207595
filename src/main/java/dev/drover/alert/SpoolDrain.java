package dev.drover.alert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what waits in the spool, in order. To be called every second or so, by one thread. What
 * can't be stored for good is set aside: else nothing behind it ever would. All of it was accepted,
 * so that it does not ask how many runs wait.
 */
public final class SpoolDrain {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolDrain.class);

  /** Tries of a delivery that a well store refuses, or whose file can't be read. */
  static final int TRIES = 30;

  private final Spool spool;
  private final SetAsides setAsides;
  private final AlertIntake intake;
  private final AlertUpkeep upkeep;
  private final Consumer<IntakeResult> stored;
  private long failing;
  private int tries;

  /** {@code stored} hears of every delivery that is stored at last. */
  public SpoolDrain(
      Spool spool, AlertIntake intake, AlertUpkeep upkeep, Consumer<IntakeResult> stored) {
    this.spool = spool;
    this.setAsides = new SetAsides(spool.quarantine());
    this.intake = intake;
    this.upkeep = upkeep;
    this.stored = stored;
  }

  /**
   * Stores until the spool is empty, the store is away, or {@code goOn} says no.
   *
   * @return how many deliveries left the spool
   */
  public int drain(BooleanSupplier goOn) {
    int drained = 0;
    try {
      Optional<Spool.Entry> first = spool.first();
      while (first.isPresent() && goOn.getAsBoolean() && one(first.get())) {
        drained++;
        first = spool.first();
      }
      setAsides.tell(upkeep);
    } catch (IntakeUnavailable e) {
      LOG.atDebug().setCause(e).log("The store is away; the spool is kept");
    } catch (IOException e) {
      throw new UncheckedIOException("the spool can't be written", e);
    }
    if (drained > 0) {
      LOG.atInfo()
          .addKeyValue("deliveries", drained)
          .addKeyValue("left", spool.size())
          .log("Deliveries of the spool were stored");
    }
    return drained;
  }

  /** Whether it left the spool. */
  private boolean one(Spool.Entry entry) throws IOException {
    IntakeResult result;
    try {
      result = intake.store(receipt(entry));
    } catch (SpoolFile.Damaged | RejectedBody | UnknownProject e) {
      spool.setAside(entry, String.valueOf(e.getMessage()));
      return true;
    } catch (NoSuchFileException e) {
      spool.miss(entry);
      return true;
    } catch (IOException e) {
      return giveUp(entry, "its file could not be read", e);
    } catch (RuntimeException e) {
      return refused(entry, e);
    }
    spool.remove(entry);
    stored.accept(result);
    return true;
  }

  private static Receipt receipt(Spool.Entry entry)
      throws IOException, SpoolFile.Damaged, RejectedBody {
    String body = SpoolFile.body(entry.file());
    AlertSource sender = entry.sender();
    if (sender == null) {
      throw new SpoolFile.Damaged("its sender can't be read");
    }
    return new Receipt(
        entry.id(),
        sender,
        entry.at(),
        AlertmanagerBody.read(body.getBytes(StandardCharsets.UTF_8), entry.at()),
        entry.trace());
  }

  /**
   * A store that is away comes back, and one that is sick (its disk is full, it may only be read)
   * gets well; one that is well, and refuses the same delivery again and again, will not take it.
   */
  private boolean refused(Spool.Entry entry, RuntimeException why) throws IOException {
    upkeep.queuedRuns(1); // throws while it is away
    if (why instanceof IntakeUnavailable unavailable && !unavailable.isRefusal()) {
      if (entry.number() != failing) {
        tell(entry, why);
        tries = 0;
        failing = entry.number();
      }
      return false;
    }
    return giveUp(entry, "the database refused it", why);
  }

  /** Whether it was tried often enough. */
  private boolean giveUp(Spool.Entry entry, String reason, Exception why) throws IOException {
    tries = entry.number() == failing ? tries + 1 : 1;
    failing = entry.number();
    if (tries == 1) {
      tell(entry, why);
    }
    if (tries < TRIES) {
      return false;
    }
    spool.setAside(entry, reason + " " + tries + " times: " + why.getMessage());
    return true;
  }

  private static void tell(Spool.Entry entry, Exception why) {
    LOG.atWarn()
        .addKeyValue("file", entry.file().getFileName())
        .setCause(why)
        .log("A delivery of the spool can't be stored; trying again");
  }
}
