package dev.drover.agents.patcher;

import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Commits changes on a branch with git's plumbing, from a private index. The files that are checked
 * out change only if the branch is the one that is checked out; nothing is ever pushed.
 */
final class GitCommit {
  private final SourceTree tree;
  private final Request.Commit order;
  private final Path scratch;
  private final Git git;

  private GitCommit(SourceTree tree, Request.Commit order, Path scratch) {
    this.tree = tree;
    this.order = order;
    this.scratch = scratch;
    this.git = new Git(tree.root(), scratch, Map.of());
  }

  /** The commit, and whether the files in the tree were changed, too. */
  record Result(String hash, boolean filesWritten) {}

  static Result commit(SourceTree tree, Request.Commit order, List<Workspace.Change> changes)
      throws WorkFailure {
    Path git = tree.root().resolve(".git");
    if (!Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
      throw WorkFailure.permanent(
          "the folder is not the top of a git repository with a .git folder: name that folder, or leave commit out");
    }
    try {
      Path scratch = Files.createTempDirectory("patcher");
      try {
        return new GitCommit(tree, order, scratch).commit(changes);
      } finally {
        delete(scratch);
      }
    } catch (IOException e) {
      throw WorkFailure.permanent("the temporary folder can't be used: " + e.getClass().getName());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private Result commit(List<Workspace.Change> changes) throws WorkFailure, IOException {
    String head = git.tryCall("", "rev-parse", "--verify", "-q", "HEAD^{commit}").out().strip();
    if (head.isEmpty()) {
      throw WorkFailure.permanent("the repository has no commit yet to build on");
    }
    checkTree(changes);
    Git.Result current = git.tryCall("", "symbolic-ref", "-q", "HEAD");
    String ref = "refs/heads/" + order.branch();
    boolean checkedOut = current.out().strip().equals(ref);
    String edits = edits(changes, head.length());
    String made = writeTree(edits);
    String tip = git.tryCall("", "rev-parse", "--verify", "-q", ref + "^{commit}").out().strip();
    if (!tip.isEmpty() && !tip.equals(head)) {
      return new Result(sameCommit(tip, head, made), false);
    }
    refuseElsewhere(ref);
    String hash = commitTree(made, head);
    String expected = tip.isEmpty() ? "0".repeat(head.length()) : tip;
    git.call("", "update-ref", "-m", "patched by Drover", ref, hash, expected);
    if (checkedOut) {
      follow(changes, edits, new Move(ref, head, hash));
    }
    return new Result(hash, checkedOut);
  }

  /** A branch that has moved. */
  private record Move(String ref, String from, String to) {}

  /** Brings files and index to where the branch is now, or the branch back to where they are. */
  private void follow(List<Workspace.Change> changes, String edits, Move move) throws WorkFailure {
    try {
      new TreeWriter(tree).write(changes);
    } catch (WorkFailure e) {
      throw back(move, e);
    }
    try {
      git.call(edits, "update-index", "-z", "--index-info");
    } catch (WorkFailure e) {
      throw back(move, back(changes, e));
    }
    git.tryCall("", "update-index", "-q", "--refresh");
  }

  /** Puts the files back; what went wrong before, and what is left of it. */
  private WorkFailure back(List<Workspace.Change> changes, WorkFailure why) {
    try {
      new TreeWriter(tree).write(changes.stream().map(GitCommit::reverse).toList());
      String state = why.getMessage() + "; the files are as they were";
      return why.isTemporary() ? WorkFailure.temporary(state) : WorkFailure.permanent(state);
    } catch (WorkFailure e) {
      return WorkFailure.permanent(
          why.getMessage() + "; the files have the changes still: " + e.getMessage());
    }
  }

  private static Workspace.Change reverse(Workspace.Change change) {
    var found = change.after();
    var wanted = change.before();
    return new Workspace.Change(change.path(), found, wanted);
  }

  private WorkFailure back(Move move, WorkFailure why) {
    try {
      git.call("", "update-ref", "-m", "taken back", move.ref(), move.from(), move.to());
      return why;
    } catch (WorkFailure e) {
      return WorkFailure.permanent(
          why.getMessage()
              + "; but the branch "
              + order.branch()
              + " is at "
              + move.to()
              + " and could not be put back to "
              + move.from()
              + ": "
              + e.getMessage());
    }
  }

  /** An attempt that is repeated finds its own commit. */
  private String sameCommit(String tip, String head, String made) throws WorkFailure {
    String theirs = git.call("", "rev-parse", tip + "^{tree}").strip();
    String parents = git.call("", "rev-list", "--parents", "-n", "1", tip).strip();
    if (theirs.equals(made) && parents.equals(tip + " " + head)) {
      return tip;
    }
    throw WorkFailure.permanent(
        "the branch " + order.branch() + " exists and is not where HEAD is: name another branch");
  }

  /** The commit must hold these changes and nobody else's. */
  private void checkTree(List<Workspace.Change> changes) throws WorkFailure {
    String dirt =
        git.call(
            "",
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=no",
            "--ignore-submodules=all");
    if (!dirt.isEmpty() && !order.allowDirty()) {
      throw WorkFailure.permanent(
          "the working tree has changes that are not committed: commit them, or set commit.allowDirty");
    }
    Map<String, String> blobs = new HashMap<>();
    for (String entry : git.call("", "ls-tree", "-r", "-z", "HEAD").split("\0", -1)) {
      int tab = entry.indexOf('\t');
      if (tab > 0) {
        blobs.put(entry.substring(tab + 1), entry.substring(0, tab));
      }
    }
    for (Workspace.Change change : changes) {
      String committed = blobs.getOrDefault(change.path(), "");
      String found = change.before().map(state -> BlobId.entry(state, committed)).orElse("");
      if (!committed.equals(found)) {
        throw WorkFailure.permanent(
            change.path()
                + " is not as HEAD has it (changed, not tracked, or stored with other line ends or a filter):"
                + " it can't be committed this way");
      }
    }
  }

  /** Another working tree of the repository would not notice that its branch moved. */
  private void refuseElsewhere(String ref) throws WorkFailure, IOException {
    Path others = tree.root().resolve(".git/worktrees");
    if (!Files.isDirectory(others)) {
      return;
    }
    try (Stream<Path> all = Files.list(others)) {
      for (Path each : all.toList()) {
        Path head = each.resolve("HEAD");
        if (Files.isRegularFile(head) && Files.readString(head).strip().equals("ref: " + ref)) {
          throw WorkFailure.permanent(
              "the branch " + order.branch() + " is checked out in another working tree");
        }
      }
    }
  }

  /** For update-index; the new contents are in the repository afterwards. */
  private String edits(List<Workspace.Change> changes, int idLength)
      throws WorkFailure, IOException {
    StringBuilder paths = new StringBuilder();
    for (int i = 0; i < changes.size(); i++) {
      FileState after = changes.get(i).after().orElse(null);
      if (after != null) {
        Path blob = Files.write(scratch.resolve("blob" + i), after.content());
        paths.append(blob).append('\n');
      }
    }
    String[] ids =
        git.call(paths.toString(), "hash-object", "-w", "--no-filters", "--stdin-paths")
            .split("\n", -1);
    StringBuilder edits = new StringBuilder();
    int next = 0;
    for (Workspace.Change change : changes) {
      FileState after = change.after().orElse(null);
      edits
          .append(
              after == null
                  ? "0 " + "0".repeat(idLength)
                  : UnifiedDiff.mode(after) + " " + ids[next++])
          .append('\t')
          .append(change.path())
          .append('\0');
    }
    return edits.toString();
  }

  private String writeTree(String edits) throws WorkFailure {
    Git apart = git.with(Map.of("GIT_INDEX_FILE", scratch.resolve("index").toString()));
    apart.call("", "read-tree", "HEAD");
    apart.call(edits, "update-index", "-z", "--index-info");
    return apart.call("", "write-tree").strip();
  }

  private String commitTree(String made, String head) throws WorkFailure {
    Git named =
        git.with(
            Map.of(
                "GIT_AUTHOR_NAME", order.authorName(),
                "GIT_AUTHOR_EMAIL", order.authorMail(),
                "GIT_COMMITTER_NAME", order.authorName(),
                "GIT_COMMITTER_EMAIL", order.authorMail()));
    String message =
        new String(order.message().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return named.call(message.strip() + "\n", "commit-tree", made, "-p", head, "-F", "-").strip();
  }
}
