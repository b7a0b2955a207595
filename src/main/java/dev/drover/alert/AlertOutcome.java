package dev.drover.alert;

import java.util.Locale;

/**
 * What became of one alert of a delivery. Every alert that is stored is counted under exactly one.
 */
public enum AlertOutcome {
  /** It is the first firing of an episode that at least one workflow wanted. */
  NEW,
  /** It told nothing new: its episode is open already, or its resolve was seen already. */
  DUPLICATE,
  /** It ended its episode. */
  RESOLVED,
  /** It was resolved before it was ever seen firing. */
  RESOLVED_UNKNOWN,
  /** It is an old firing, from before its last resolve, and was received after that. */
  STALE,
  /** It opened an episode that no workflow wanted; kept, and replayable. */
  UNMATCHED,
  /** It opened an episode that only workflows wanted whose cooldown lasts. */
  SUPPRESSED,
  /** Its resolve never came: its episode was ended by time. Not part of any delivery. */
  EXPIRED,
  /** It is in the spool, while the store is away; it is counted again when it is stored. */
  SPOOLED,
  /** It could not be read; its raw text is kept. */
  UNREADABLE,
  /** Its delivery was refused as a whole. */
  REJECTED;

  /** The name in metrics and in the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
