package dev.drover.agents.patcher;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Applies a patch to the files that it names. */
final class PatchApplier {
  private final Workspace files;
  private final FixOutcome outcome;
  private final int fuzz;
  private final boolean partial;
  private int changed;
  private int already;

  private PatchApplier(Workspace files, FixOutcome outcome, int fuzz, boolean partial) {
    this.files = files;
    this.outcome = outcome;
    this.fuzz = fuzz;
    this.partial = partial;
  }

  /** With {@code partial} what can be applied is, and the fix has still failed. */
  static void apply(Fix.Patch patch, Workspace files, FixOutcome outcome, boolean partial)
      throws FixProblem {
    PatchApplier applier = new PatchApplier(files, outcome, patch.fuzz(), partial);
    StringBuilder problems = new StringBuilder();
    for (FilePatch file : PatchParser.parse(patch.text(), patch.strip())) {
      try {
        applier.apply(file);
      } catch (FixProblem e) {
        problems.append(problems.isEmpty() ? "" : "; ").append(e.getMessage());
        outcome.reject(file, file.hunks());
      }
    }
    if (outcome.hunksRejected() > 0) {
      problems
          .append(problems.isEmpty() ? "" : "; ")
          .append(outcome.hunksRejected())
          .append(" hunks fit nowhere: see hunks and rejects");
    }
    if (!problems.isEmpty()) {
      throw new FixProblem(problems.toString());
    }
    if (applier.changed == 0 && applier.already > 0) {
      outcome.already("the files hold it already");
    }
  }

  private void apply(FilePatch file) throws FixProblem {
    switch (file.kind()) {
      case CREATE -> create(file, file.newPath().orElseThrow());
      case DELETE -> delete(file, file.oldPath().orElseThrow());
      case MODIFY -> modify(file, existing(file));
      case RENAME, COPY -> move(file, file.oldPath().orElseThrow(), file.newPath().orElseThrow());
    }
  }

  private void create(FilePatch file, String path) throws FixProblem {
    HunkApplier.Result result = HunkApplier.apply(path, "", file.hunks(), 0);
    if (!result.rejected().isEmpty() || file.hunks().size() > 1) {
      throw new FixProblem(path + " is to be created, but the hunk has lines of an old file");
    }
    FileState made =
        new FileState(bytes(result.text()), file.newMode().orElse("").equals("100755"));
    Optional<FileState> there = files.read(path);
    if (there.isPresent()) {
      if (!there.get().equals(made)) {
        throw new FixProblem(path + " is to be created, but exists with other content");
      }
      already++;
      return;
    }
    files.put(path, made);
    result.hunks().forEach(outcome::hunk);
    outcome.note(path + " created");
    changed++;
  }

  private void delete(FilePatch file, String path) throws FixProblem {
    Optional<FileState> there = files.read(path);
    if (there.isEmpty()) {
      already++;
      return;
    }
    HunkApplier.Result result = HunkApplier.apply(path, there.get().bytes(), file.hunks(), fuzz);
    if (!result.rejected().isEmpty() || !result.text().isEmpty()) {
      throw new FixProblem(path + " is to be deleted, but holds other lines than the patch has");
    }
    files.delete(path);
    result.hunks().forEach(outcome::hunk);
    outcome.note(path + " deleted");
    changed++;
  }

  private String existing(FilePatch file) throws FixProblem {
    String fresh = file.newPath().orElseThrow();
    String old = file.oldPath().orElse(fresh);
    // Plain diffs name a copy such as a.orig on one side.
    return files.read(fresh).isEmpty() && files.read(old).isPresent() ? old : fresh;
  }

  private void modify(FilePatch file, String path) throws FixProblem {
    Optional<FileState> there = files.read(path);
    if (there.isEmpty()) {
      throw new FixProblem(path + " does not exist");
    }
    FileState after = hunks(file, path, there.get());
    if (after.equals(there.get())) {
      already++;
    } else {
      files.put(path, after);
      changed++;
    }
  }

  private void move(FilePatch file, String from, String to) throws FixProblem {
    Optional<FileState> there = files.read(from);
    Optional<FileState> target = files.read(to);
    if (target.isPresent() && isMoved(file, there, target.get())) {
      already++;
      return;
    }
    if (there.isEmpty()) {
      throw new FixProblem(from + " does not exist");
    }
    if (target.isPresent()) {
      throw new FixProblem(to + " exists, so that " + from + " can't be moved or copied there");
    }
    FileState after = hunks(file, to, there.get());
    if (file.kind() == FilePatch.Kind.RENAME) {
      files.delete(from);
    }
    files.put(to, after);
    outcome.note(
        from + (file.kind() == FilePatch.Kind.RENAME ? " renamed to " : " copied to ") + to);
    changed++;
  }

  /** Whether the target is what an earlier attempt would have left. */
  private boolean isMoved(FilePatch file, Optional<FileState> from, FileState target)
      throws FixProblem {
    if (file.hunks().isEmpty() && file.kind() == FilePatch.Kind.COPY) {
      return from.isPresent() && from.get().equals(target);
    }
    boolean gone = from.isEmpty() || file.kind() == FilePatch.Kind.COPY;
    return gone
        && HunkApplier.apply(file.shownPath(), target.bytes(), file.hunks(), 0).hunks().stream()
            .allMatch(hunk -> hunk.status() == HunkResult.Status.ALREADY);
  }

  private FileState hunks(FilePatch file, String path, FileState before) throws FixProblem {
    HunkApplier.Result result = HunkApplier.apply(path, before.bytes(), file.hunks(), fuzz);
    result.hunks().forEach(outcome::hunk);
    if (!result.rejected().isEmpty()) {
      outcome.reject(file, result.rejected());
      if (!partial) {
        return before;
      }
    }
    boolean executable =
        file.newMode().map(mode -> mode.equals("100755")).orElse(before.executable());
    return new FileState(bytes(result.text()), executable);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
