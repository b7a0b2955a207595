package dev.drover.alert;

/** The states of an episode. */
public enum EpisodeState {
  OPEN,
  RESOLVED,
  EXPIRED
}
