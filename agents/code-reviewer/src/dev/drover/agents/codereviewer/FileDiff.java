package dev.drover.agents.codereviewer;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a diff says of one file.
 *
 * @param path its new path; for a deleted file the old one
 * @param oldPath its path before, the same unless it was renamed or copied
 * @param binarySize bytes of a binary's new content, -1 where the diff doesn't tell
 * @param hunks in their order; each a list of lines that follow one another
 */
record FileDiff(
    String path,
    String oldPath,
    Change change,
    boolean binary,
    long binarySize,
    List<List<DiffLine>> hunks) {
  FileDiff {
    hunks = hunks.stream().map(List::copyOf).toList();
  }

  enum Change {
    ADDED,
    DELETED,
    MODIFIED,
    RENAMED
  }

  Stream<DiffLine> added() {
    return hunks.stream().flatMap(List::stream).filter(DiffLine::isAdded);
  }

  Stream<DiffLine> removed() {
    return hunks.stream().flatMap(List::stream).filter(DiffLine::isRemoved);
  }

  /** The last part of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
