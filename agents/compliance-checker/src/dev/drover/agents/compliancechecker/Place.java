package dev.drover.agents.compliancechecker;

/**
 * Where something is said.
 *
 * @param file relative to the target, with forward slashes; for what is in a jar the jar's
 * @param line from 1; 0 if there is none
 */
record Place(String file, int line) {
  static Place in(String file) {
    return new Place(file, 0);
  }
}
