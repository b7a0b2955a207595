package dev.drover.agents.patcher;

import java.util.List;
import java.util.Optional;

/**
 * What a patch does to one file.
 *
 * @param oldPath absent if the file is created
 * @param newPath absent if the file is deleted
 * @param newMode as git writes it; absent if it stays
 */
record FilePatch(
    Kind kind,
    Optional<String> oldPath,
    Optional<String> newPath,
    Optional<String> newMode,
    List<Hunk> hunks) {

  /** What becomes of the file as a whole. */
  enum Kind {
    MODIFY,
    CREATE,
    DELETE,
    RENAME,
    COPY
  }

  /** How a result calls it. */
  String shownPath() {
    return newPath.or(() -> oldPath).orElse("");
  }
}
