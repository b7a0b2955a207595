package dev.drover.run;

/**
 * This server's right to carry runs forward. All runs that it owns share it. When it has run out,
 * other servers may take them up; a server that can't be sure of it any more must stop, before they
 * do.
 */
public interface Lease {
  /**
   * Extends the lease. Blocks on the database, for less time than a lease lasts.
   *
   * @throws RuntimeException if the database can't be reached; the lease then holds as long as it
   *     was extended last
   */
  Renewal renew();

  /**
   * Whether it is certain that the lease is held now; counted by this machine's own clock from
   * before it was last asked for, with a margin.
   */
  boolean isHeld();

  /** Gives it up: other servers may take the runs up at once. */
  void release();

  /** What an extension brought. */
  enum Renewal {
    /** It goes on. */
    EXTENDED,
    /** Another server took this one for dead and took its runs up; a new lease was begun. */
    REPLACED
  }
}
