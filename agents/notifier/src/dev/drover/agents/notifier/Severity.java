package dev.drover.agents.notifier;

import java.util.Locale;

/** How much a message matters; channels that know colours show it as one. */
enum Severity {
  INFO("#439fe0"),
  WARNING("#e8a33d"),
  CRITICAL("#d0021b"),
  RESOLVED("#2eb67d");

  private final String colour;

  Severity(String colour) {
    this.colour = colour;
  }

  String colour() {
    return colour;
  }

  /** The name as it is written in input and output. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name as it stands in front of a title. */
  String label() {
    return "[" + name() + "]";
  }
}
