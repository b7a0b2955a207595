package dev.drover.json;

/** The text is not one JSON document within the limits; the message says where and why. */
public final class InvalidJson extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidJson(String message) {
    super(message);
  }
}
