package dev.drover.run;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A run's identity: a UUID version 7, so that the order of ids is the order of creation. */
public record RunId(UUID value) implements Comparable<RunId> {
  /**
   * Reads the usual text form.
   *
   * @throws IllegalArgumentException if it is not a UUID
   */
  public static RunId of(String text) {
    return new RunId(UUID.fromString(text));
  }

  /** When it was made, if it says so, to the millisecond and by the clock of who made it. */
  public Optional<Instant> time() {
    return value.version() == 7
        ? Optional.of(Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16))
        : Optional.empty();
  }

  @Override
  public int compareTo(RunId other) {
    // UUID.compareTo is signed; the text is not.
    return value.toString().compareTo(other.value.toString());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
