package dev.drover.agents.codereviewer;

import java.util.List;
import java.util.stream.Stream;

/** A file of the change with its lines as checks see them. */
record ChangedFile(FileDiff diff, Language language, List<List<CodeLine>> hunks) {

  static ChangedFile of(FileDiff diff) {
    Language language = Language.of(diff.path());
    return new ChangedFile(
        diff,
        language,
        diff.hunks().stream().map(hunk -> CodeReader.read(hunk, language.syntax())).toList());
  }

  String path() {
    return diff.path();
  }

  Stream<CodeLine> added() {
    return hunks.stream().flatMap(List::stream).filter(CodeLine::added);
  }

  /** The line of the first added one; 0 if there is none. */
  int firstAdded() {
    return added().mapToInt(CodeLine::number).findFirst().orElse(0);
  }

  boolean isTest() {
    return FileKind.isTest(path());
  }

  /** Whether people write its lines. */
  boolean isWritten() {
    return !diff.binary() && !FileKind.isGenerated(path()) && !FileKind.isLock(path());
  }
}
