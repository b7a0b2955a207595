package dev.drover.agents.securityscanner;

/**
 * Something seen at an offset range of a text, before it is known whether it counts: two rules may
 * have seen the same secret, and a comment may allow it.
 */
record Sighting(RuleInfo rule, int start, int end, String match, Kind kind) {

  /** Which sighting wins where two overlap: the one declared first. */
  enum Kind {
    /** A secret whose own form gives it away. */
    SECRET,
    /** A value that a container file puts where everybody can read it. */
    EXPOSED_VALUE,
    /** A value that is suspicious only because of the name beside it. */
    GENERIC,
    /** A setting; it takes nothing away from the others. */
    SETTING
  }
}
