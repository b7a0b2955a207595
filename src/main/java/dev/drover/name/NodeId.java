package dev.drover.name;

import java.util.regex.Pattern;

/**
 * A node's id as its author wrote it: its only identity, in the YAML, the routes, the journal and
 * the API.
 */
public record NodeId(String value) implements Comparable<NodeId> {
  /** What is allowed, in words. */
  public static final String RULE =
      "letters, digits, hyphens and underscores, beginning with a letter, at most 63";

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

  /**
   * Takes the text as it is.
   *
   * @throws IllegalArgumentException if it breaks the {@link #RULE}
   */
  public NodeId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("\"" + value + "\" is not a name: " + RULE);
    }
  }

  /** Whether the text keeps the {@link #RULE}. */
  public static boolean isValid(String text) {
    return ALLOWED.matcher(text).matches();
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
