package dev.drover.agents.compliancechecker;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * What to check.
 *
 * @param mavenRepository a local repository, for the licences and parents of what a pom names
 * @param files whether the tree's own files are looked at, too
 * @param development whether what only developers use counts
 */
record Request(
    Path target,
    Optional<Path> mavenRepository,
    boolean files,
    boolean development,
    List<PathMatcher> exclude,
    Limits limits) {

  /** How long the lists of the report may be. */
  record Limits(int findings, int packages) {}

  private static final Set<String> MEMBERS =
      Set.of(
          "target",
          "mavenRepository",
          "policy",
          "files",
          "development",
          "exclude",
          "maxFindings",
          "maxPackages");
  private static final int MOST_PATTERNS = 200;
  private static final int MOST_LISTED = 10_000;

  Request {
    exclude = List.copyOf(exclude);
  }

  /** Reads all but the policy. */
  static Request read(InputObject input) throws BadInput {
    input.allowOnly(MEMBERS, "the compliance checker");
    Optional<String> repository = input.optionalText("mavenRepository");
    return new Request(
        existing(input.text("target"), "target"),
        repository.isPresent()
            ? Optional.of(folder(repository.get(), "mavenRepository"))
            : Optional.empty(),
        input.flag("files", true),
        input.flag("development", true),
        patterns(input.texts("exclude")),
        new Limits(
            input.integer("maxFindings", 1_000, 0, MOST_LISTED),
            input.integer("maxPackages", 2_000, 0, MOST_LISTED)));
  }

  /** Only what was named itself may be a link. */
  private static Path existing(String path, String name) throws BadInput {
    try {
      return Path.of(path).toRealPath();
    } catch (InvalidPathException | IOException e) {
      throw new BadInput(
          name + " does not exist where the agent runs, or can't be read: name a file or folder");
    }
  }

  private static Path folder(String path, String name) throws BadInput {
    Path folder = existing(path, name);
    if (!Files.isDirectory(folder)) {
      throw new BadInput(name + " must be a folder");
    }
    return folder;
  }

  private static List<PathMatcher> patterns(List<String> texts) throws BadInput {
    if (texts.size() > MOST_PATTERNS) {
      throw new BadInput("exclude must hold at most " + MOST_PATTERNS + " patterns");
    }
    List<PathMatcher> patterns = new ArrayList<>();
    for (String text : texts) {
      try {
        patterns.add(FileSystems.getDefault().getPathMatcher("glob:" + text));
      } catch (PatternSyntaxException e) {
        throw new BadInput("exclude[" + patterns.size() + "] is no glob, as in docs/** or **/test");
      }
    }
    return patterns;
  }
}
