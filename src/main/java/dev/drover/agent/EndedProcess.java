package dev.drover.agent;

import java.time.Duration;
import java.util.List;

/** What is known of a program that has ended, wherever it ran. */
interface EndedProcess {
  int exitCode();

  /** What it wrote to stdout. */
  byte[] output();

  /** The last few lines of its log. */
  List<String> logTail();

  SecretMask mask();

  Duration duration();

  /** Whether its server's lease ran out meanwhile, so that its end says nothing. */
  boolean hasLapsed();

  /** The hosts that it asked for and was refused. */
  List<String> refusals();
}
