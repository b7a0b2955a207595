package dev.drover.yaml;

/** A place in a document; line and column count from 1. */
public record Position(int line, int column) {
  /** The beginning of a document: where what is missing altogether is reported. */
  public static final Position START = new Position(1, 1);

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
