package dev.drover.run;

/** Why a wait is over. */
public sealed interface Wakeup {
  /** Its time has come. */
  record Due() implements Wakeup {}

  /** What it waited for has happened. */
  record Told(Signal signal) implements Wakeup {}

  /** The run is being stopped. */
  record Stopped(RunStop why) implements Wakeup {}
}
