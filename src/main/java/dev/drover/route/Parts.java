package dev.drover.route;

import dev.drover.artifact.Artifacts;
import dev.drover.run.Journal;
import dev.drover.run.LoggedListener;
import dev.drover.run.RunEvent;
import dev.drover.run.RunListener;
import java.time.Clock;
import java.util.Optional;

/**
 * What every step works with.
 *
 * @param clock goes with the database's
 */
public record Parts(Journal journal, RunListener listener, Clock clock, Artifacts artifacts) {
  /** A listener that throws is logged, and changes nothing else. */
  public Parts {
    listener = new LoggedListener(listener);
  }

  /** Tells of an attempt's end, which is in the journal. */
  void tell(Optional<Journal.AttemptEnd> attempt) {
    attempt
        .flatMap(Journal.AttemptEnd::agent)
        .map(RunEvent.AttemptEnded::new)
        .ifPresent(listener::on);
    attempt.flatMap(Journal.AttemptEnd::call).ifPresent(listener::on);
  }
}
