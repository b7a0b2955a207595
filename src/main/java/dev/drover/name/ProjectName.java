package dev.drover.name;

import java.util.regex.Pattern;

/** A project: the tenant that everything else belongs to. */
public record ProjectName(String value) implements Comparable<ProjectName> {
  // Before DEFAULT, whose making needs it.
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** Exists from the start, so that nothing is ever without a project. */
  public static final ProjectName DEFAULT = new ProjectName("default");

  /** What is allowed, in words. */
  public static final String RULE =
      "lower case letters, digits and hyphens, beginning with a letter or digit, at most 63";

  /**
   * Takes the text as it is.
   *
   * @throws IllegalArgumentException if it breaks the {@link #RULE}
   */
  public ProjectName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("\"" + value + "\" is not a name: " + RULE);
    }
  }

  /** Whether the text keeps the {@link #RULE}. */
  public static boolean isValid(String text) {
    return ALLOWED.matcher(text).matches();
  }

  @Override
  public int compareTo(ProjectName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
