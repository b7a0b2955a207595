package dev.drover.agents.codereviewer;

import dev.drover.agents.codereviewer.FileDiff.Change;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes a change out of a repository by the git program. The repository may be anybody's: its
 * configuration starts no program, fetches nothing, and the names in the input are nothing but
 * names.
 */
final class GitRange {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path repository;
  private final String path;

  /**
   * @param path where programs are looked for
   */
  GitRange(Path repository, String path) {
    this.repository = repository.toAbsolutePath().normalize();
    this.path = path;
  }

  List<FileDiff> changes(CommitRange range) throws BadInput, WorkFailure {
    if (!Files.isDirectory(repository)) {
      throw new BadInput("repository: there is no such folder");
    }
    String to = commit(range.to());
    String from = commit(range.from());
    if (range.fromMergeBase()) {
      BoundedProcess.Ended base = git(List.of("merge-base", from, to));
      from = base.text().strip();
      if (base.exitCode() != 0 || !HASH.matcher(from).matches()) {
        throw new BadInput(
            "range: both have no common commit; write .. to compare them as they are");
      }
    }
    BoundedProcess.Ended diff =
        git(
            List.of(
                "diff-tree",
                "-r",
                "-p",
                "--no-commit-id",
                "--full-index",
                "--unified=5",
                "--find-renames",
                "--no-ext-diff",
                "--no-textconv",
                "--no-color",
                "--submodule=short",
                "--src-prefix=a/",
                "--dst-prefix=b/",
                from,
                to,
                "--"));
    if (diff.exitCode() != 0) {
      throw WorkFailure.permanent("git can't compare the commits: " + diff.error());
    }
    List<FileDiff> files = new ArrayList<>();
    for (FileDiff file : DiffParser.parse(diff.text())) {
      files.add(file.binary() && file.change() != Change.DELETED ? sized(file, to) : file);
    }
    return files;
  }

  private FileDiff sized(FileDiff file, String commit) throws WorkFailure {
    String size = git(List.of("cat-file", "-s", commit + ":" + file.path())).text().strip();
    long bytes = size.matches("\\d{1,15}") ? Long.parseLong(size) : -1;
    return new FileDiff(file.path(), file.oldPath(), file.change(), true, bytes, file.hunks());
  }

  private String commit(String name) throws BadInput, WorkFailure {
    BoundedProcess.Ended found =
        git(List.of("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"));
    String hash = found.text().strip();
    if (found.exitCode() == 0 && HASH.matcher(hash).matches()) {
      return hash;
    }
    String why = found.error().isEmpty() ? "" : ": " + found.error();
    throw new BadInput(
        "range: the repository has no commit called "
            + name
            + why
            + "; a shallow clone lacks older ones");
  }

  private BoundedProcess.Ended git(List<String> arguments) throws WorkFailure {
    List<String> command = new ArrayList<>(List.of("git", "--no-pager", "--literal-pathspecs"));
    for (String setting :
        List.of(
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "core.attributesFile=/dev/null",
            "core.quotePath=true",
            "protocol.allow=never",
            "diff.orderFile=/dev/null",
            "safe.directory=*")) {
      command.addAll(List.of("-c", setting));
    }
    command.addAll(arguments);
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("PATH", path),
            Map.entry("HOME", "/nonexistent"),
            Map.entry("LC_ALL", "C"),
            Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
            Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
            // Stands above what the repository itself allows, and old git knows it, too.
            Map.entry("GIT_ALLOW_PROTOCOL", "none"),
            Map.entry("GIT_NO_LAZY_FETCH", "1"),
            Map.entry("GIT_NO_REPLACE_OBJECTS", "1"),
            Map.entry("GIT_OPTIONAL_LOCKS", "0"),
            Map.entry("GIT_TERMINAL_PROMPT", "0"),
            Map.entry("GIT_CEILING_DIRECTORIES", parent()));
    try {
      return BoundedProcess.run(
          command, repository, environment, new BoundedProcess.Limits(PATIENCE, DiffParser.MOST));
    } catch (IOException e) {
      throw WorkFailure.permanent("git can't be started; Debian: apt-get install git");
    }
  }

  /** So that only the folder itself is a repository, and not one that it lies in. */
  private String parent() {
    Path parent = repository.getParent();
    return (parent == null ? repository : parent).toString();
  }

  /** The text of git's bytes: what is no UTF-8 is marked, and reviewed all the same. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
