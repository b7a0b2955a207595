package dev.drover.yaml;

/** Ends the reading of a document where going on would cost without bound, or make no sense. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Position position;

  Unreadable(Position position, String message) {
    super(message);
    this.position = position;
  }

  Position position() {
    return position;
  }
}
