package dev.drover.agents.patcher;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Glob;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The files as they are on disk. Links are never followed, special files never opened. */
final class SourceTree {
  static final int LARGEST_FILE = 8 << 20;
  private static final int MOST_FILES = 200_000;
  private static final Set<String> NEVER =
      Set.of("node_modules", "target", "vendor", ".venv", "__pycache__", ".gradle", ".hg", ".svn");

  private final Path root;

  private SourceTree(Path root) {
    this.root = root;
  }

  /** Only the target itself may be a link, for it was named on purpose. */
  static SourceTree of(String target) throws BadInput {
    try {
      Path root = Path.of(target).toRealPath();
      if (Files.isDirectory(root)) {
        return new SourceTree(root);
      }
    } catch (IOException | InvalidPathException e) {
      throw new BadInput(
          "the folder to patch can't be opened where the agent runs: name an existing folder");
    }
    throw new BadInput("the target is not a folder: name the folder that holds the files to patch");
  }

  Path root() {
    return root;
  }

  /** Absent if there is no such file. */
  Optional<FileState> read(String path) throws FixProblem {
    Path file = inside(path);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FixProblem(path + " is a link or no regular file");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = in.readNBytes(LARGEST_FILE + 1);
      if (content.length > LARGEST_FILE) {
        throw new FixProblem(path + " is larger than " + LARGEST_FILE + " bytes");
      }
      return Optional.of(new FileState(content, Files.isExecutable(file)));
    } catch (IOException e) {
      throw new FixProblem(path + " can't be read: " + e.getClass().getSimpleName());
    }
  }

  /** Where the path lies, after a look that no folder on the way is a link. */
  Path inside(String path) throws FixProblem {
    Optional<String> problem = TreePath.problem(path);
    if (problem.isPresent()) {
      throw new FixProblem("the path \"" + path + "\" " + problem.get());
    }
    Path here = root;
    try {
      for (Path step : Path.of(path)) {
        here = here.resolve(step);
        if (Files.isSymbolicLink(here)) {
          throw new FixProblem(path + " is a link or lies behind one");
        }
        if (!here.equals(root.resolve(path)) && Files.isRegularFile(here)) {
          throw new FixProblem(path + " lies in what is a file, not a folder");
        }
      }
    } catch (InvalidPathException e) {
      throw new FixProblem("the path can't be written in this system's names");
    }
    return here;
  }

  /** The paths of regular files that match, in order; other people's folders are left out. */
  List<String> find(List<Glob> globs) throws WorkFailure {
    List<String> found = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Walk(globs, found));
    } catch (IOException e) {
      throw WorkFailure.temporary("the tree vanished or failed while it was read: try again");
    }
    found.sort(null);
    return found;
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final List<Glob> globs;
    private final List<String> found;
    private int seen;

    Walk(List<Glob> globs, List<String> found) {
      this.globs = globs;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = String.valueOf(folder.getFileName());
      return !folder.equals(root) && (NEVER.contains(name) || TreePath.isGit(name))
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (++seen > MOST_FILES) {
        throw new IOException("too many files");
      }
      String path = root.relativize(file).toString();
      if (attributes.isRegularFile()
          && Glob.anyMatches(globs, path)
          && TreePath.problem(path).isEmpty()) {
        found.add(path);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (file.equals(root)) {
        throw e;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
