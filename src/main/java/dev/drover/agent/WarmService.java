package dev.drover.agent;

import dev.drover.agent.Conversation.Reply;
import dev.drover.agent.WarmProcess.Fate;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a warm process does for one attempt. */
final class WarmService {
  final WarmProcess process;
  final AttemptLog log;
  private final long began = System.nanoTime();

  /** Takes the last of the log; from then on it is over. */
  @Nullable Drain drain;

  Reply reply = new Reply.Silence();

  /** Whether the reply has been told. */
  boolean replied;

  /** When the process ended before it was; zero: it did not. */
  long goneAt;

  WarmService(WarmProcess process, AttemptLog log) {
    this.process = process;
    this.log = log;
    process.live().bounds().forgetRefusals(); // those of attempts that it served before
  }

  Duration age(long now) {
    return Duration.ofNanos(now - began);
  }

  /** How the attempt ended. */
  AttemptResult outcome(Outcome outcome, Optional<Stop> stop, Duration duration) {
    LiveProcess live = process.live();
    Ending ending =
        new Ending(
            process.ownExitCode(),
            log.tail(),
            live.mask(),
            duration,
            live.hold().hasLapsed(),
            live.bounds().refusals());
    if (stop.isPresent()) {
      return outcome.stopped(stop.get(), ending);
    }
    WarmAnswer answer =
        reply instanceof Reply.Line line ? WarmAnswer.read(line.bytes()) : new WarmAnswer.None();
    return outcome.answered(answer, ending);
  }

  /** What becomes of the process after that. */
  Fate fate(AttemptResult result) {
    boolean tidy = reply instanceof Reply.Line line && !line.more();
    if (!tidy) {
      return Fate.KILL;
    }
    return result instanceof AttemptResult.Succeeded ? Fate.KEEP : Fate.RETIRE;
  }
}
