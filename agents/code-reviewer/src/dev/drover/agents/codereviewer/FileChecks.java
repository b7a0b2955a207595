package dev.drover.agents.codereviewer;

import dev.drover.agents.codereviewer.FileDiff.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a change does to files as a whole: large, binary, generated ones, and too many. */
final class FileChecks {
  private static final Pattern GENERATED =
      Pattern.compile("(?i)generated\\b.{0,80}\\bdo not (?:edit|modify)|@generated\\b");
  private static final PathsOfPictures PICTURES = new PathsOfPictures();

  private final Limits limits;

  /** From where on something is large. */
  record Limits(int fileLines, int fileKib, int changedLines) {}

  /** Binaries that belong into a repository as long as they are small. */
  private record PathsOfPictures(PathPatterns patterns) {
    PathsOfPictures() {
      this(PathPatterns.of(List.of("*.{png,jpg,jpeg,gif,ico,webp,svg,woff,woff2,ttf,otf,pdf}")));
    }
  }

  FileChecks(Limits limits) {
    this.limits = limits;
  }

  List<ReviewComment> review(List<ChangedFile> files) {
    List<ReviewComment> comments = new ArrayList<>();
    for (ChangedFile file : files) {
      review(file, comments);
    }
    long changed =
        files.stream()
            .filter(ChangedFile::isWritten)
            .mapToLong(file -> file.diff().added().count() + file.diff().removed().count())
            .sum();
    if (changed > limits.changedLines()) {
      comments.add(ReviewComment.of(huge(changed), files.get(0).path(), 0));
    }
    return comments;
  }

  private void review(ChangedFile file, List<ReviewComment> comments) {
    FileDiff diff = file.diff();
    if (diff.change() == Change.DELETED) {
      return;
    }
    if (diff.binary()) {
      binary(diff, comments);
    } else if (diff.change() == Change.ADDED
        && file.isWritten()
        && diff.added().count() > limits.fileLines()) {
      comments.add(ReviewComment.of(large(diff.added().count() + " lines"), file.path(), 1));
    }
    boolean marked =
        diff.change() != Change.ADDED
            && file.hunks().stream()
                .flatMap(List::stream)
                .anyMatch(line -> GENERATED.matcher(line.comment()).find());
    boolean edited = FileKind.isGenerated(file.path()) && diff.change() == Change.MODIFIED;
    if ((marked || edited) && file.firstAdded() > 0) {
      comments.add(ReviewComment.of(GENERATED_EDITED, file.path(), file.firstAdded()));
    }
  }

  private void binary(FileDiff diff, List<ReviewComment> comments) {
    if (diff.binarySize() > limits.fileKib() * 1024L) {
      comments.add(ReviewComment.of(large(diff.binarySize() / 1024 + " KiB"), diff.path(), 0));
    } else if (diff.change() == Change.ADDED && !PICTURES.patterns().match(diff.path())) {
      comments.add(ReviewComment.of(BINARY, diff.path(), 0));
    }
  }

  private static final Rule.Advice BINARY =
      new Rule.Advice(
          "binary-added",
          Severity.MEDIUM,
          "a binary file is added",
          "Nobody can review it, and every clone carries it for ever.",
          "Build or download it by its version and checksum, or keep it in large file storage.");

  private static final Rule.Advice GENERATED_EDITED =
      new Rule.Advice(
          "generated-edited",
          Severity.MEDIUM,
          "a generated file is edited",
          "The next generation undoes it.",
          "Change what it is generated from, and commit the result of the generator.");

  private static Rule.Advice large(String size) {
    return new Rule.Advice(
        "large-file",
        Severity.MEDIUM,
        "the file has " + size,
        "What is this large is hard to review, and as data every clone carries it for ever.",
        "Split it, or keep it outside of the repository.");
  }

  private static Rule.Advice huge(long lines) {
    return new Rule.Advice(
        "huge-change",
        Severity.MEDIUM,
        "the change has " + lines + " lines, generated ones not counted",
        "The larger a change is, the less of it a reviewer sees.",
        "Split it: what only moves code first, then one purpose at a time.");
  }
}
