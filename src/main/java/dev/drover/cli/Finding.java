package dev.drover.cli;

import java.util.Optional;

/**
 * Whether something is there.
 *
 * @param remedy how to get it
 */
record Finding(String name, boolean there, String detail, Optional<String> remedy) {
  static Finding there(String name, String detail) {
    return new Finding(name, true, detail, Optional.empty());
  }

  static Finding missing(String name, String detail, String remedy) {
    return new Finding(name, false, detail, Optional.of(remedy));
  }
}
