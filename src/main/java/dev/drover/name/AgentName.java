package dev.drover.name;

import java.util.regex.Pattern;

/** An agent's name. */
public record AgentName(String value) implements Comparable<AgentName> {
  /** What is allowed, in words. */
  public static final String RULE =
      "lower case letters, digits and hyphens, beginning with a letter or digit, at most 63";

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /**
   * Takes the text as it is.
   *
   * @throws IllegalArgumentException if it breaks the {@link #RULE}
   */
  public AgentName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("\"" + value + "\" is not a name: " + RULE);
    }
  }

  /** Whether the text keeps the {@link #RULE}. */
  public static boolean isValid(String text) {
    return ALLOWED.matcher(text).matches();
  }

  @Override
  public int compareTo(AgentName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
