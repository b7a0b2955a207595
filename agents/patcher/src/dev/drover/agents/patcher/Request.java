package dev.drover.agents.patcher;

import java.util.List;
import java.util.Optional;

/**
 * What was asked for.
 *
 * @param target the folder with the files
 * @param write whether anything may be changed on disk
 * @param partial whether what can be applied counts although something else can't
 */
record Request(
    String target, boolean write, boolean partial, Optional<Commit> commit, List<Fix> fixes) {

  /** Where the changes are committed, and in whose name. */
  record Commit(
      String branch, String message, String authorName, String authorMail, boolean allowDirty) {}

  Request {
    fixes = List.copyOf(fixes);
  }
}
