package dev.drover.agent;

/** An attempt, which waits for one of the places that a runtime has. */
interface Placed extends Supervised {
  /** Whose turn is its turn. */
  String share();

  /** It has got its turn. */
  void admit();

  /** It was stopped before it began. */
  void settleUnstarted();
}
