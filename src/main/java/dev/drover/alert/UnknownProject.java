package dev.drover.alert;

import dev.drover.name.ProjectName;

/** There is no such project (HTTP 404). */
public final class UnknownProject extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message is shown to the sender. */
  public UnknownProject(ProjectName project) {
    super("there is no project \"" + project + "\"");
  }
}
