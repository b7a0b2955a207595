package dev.drover.agent;

/** What was read in one go. */
enum Pumped {
  /** There was nothing. */
  NOTHING,
  /** Only what floods a log that is cut already: no reason to hurry, but to go on. */
  FLOOD,
  /** There was something, and there may be more. */
  DATA,
  /** The output has become larger than it may. */
  OVERFLOW
}
