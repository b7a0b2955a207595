package dev.drover.alert;

import dev.drover.name.ProjectName;

/**
 * Who sends: alerts of two sources are never the same alert.
 *
 * @param name the credential or the webhook's path, at most {@value #MAX_NAME} characters; never
 *     what a body says
 */
public record AlertSource(ProjectName project, String name) {
  /** The longest name. */
  public static final int MAX_NAME = 200;

  /**
   * Takes the name as it is.
   *
   * @throws IllegalArgumentException if it is blank or too long
   */
  public AlertSource {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException("a source has a name of 1 to " + MAX_NAME + " characters");
    }
  }
}
