package dev.drover.agents.compliancechecker;

import dev.drover.agents.kit.WorkFailure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a target, within bounds. Links are never followed, special files never opened; only
 * what was named itself may be a link.
 */
final class Tree {
  /** Told of every file once. */
  interface Visitor {
    void file(Path file, String path);

    void skipped(String path, String reason);
  }

  private static final Set<String> NEVER = Set.of(".git", ".hg", ".svn");
  private static final int DEEPEST = 64;
  private static final int MOST_FILES = 500_000;
  private static final int MOST_BYTES = 32 << 20;

  private final Path root;
  private final List<PathMatcher> exclude;

  Tree(Path root, List<PathMatcher> exclude) {
    this.root = root;
    this.exclude = exclude;
  }

  void walk(Visitor visitor) throws WorkFailure {
    Walk walk = new Walk(visitor);
    try {
      Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), DEEPEST, walk);
    } catch (IOException e) {
      throw WorkFailure.temporary("the target vanished or failed while it was read: try again");
    }
    if (walk.files > MOST_FILES) {
      throw WorkFailure.permanent(
          "the target has more than " + MOST_FILES + " files: name a smaller one, or exclude some");
    }
  }

  /** As a path of the report; the target itself, if it is a file, by its name. */
  String path(Path file) {
    String path = root.relativize(file).toString().replace(File.separatorChar, '/');
    return path.isEmpty() ? String.valueOf(file.getFileName()) : path;
  }

  /** A file's text; nothing if there is none. Bytes that are no UTF-8 don't matter here. */
  static Optional<String> textIfThere(Path file) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(text(file))
          : Optional.empty();
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  static String text(Path file) throws Unreadable {
    return new String(bytes(file, MOST_BYTES), StandardCharsets.UTF_8);
  }

  static byte[] bytes(Path file) throws Unreadable {
    return bytes(file, MOST_BYTES);
  }

  /** A file's first bytes; whether there are more does not matter. */
  static byte[] head(Path file, int bytes) throws Unreadable {
    // The file may have become a link since its folder was listed.
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(bytes);
    } catch (IOException e) {
      throw new Unreadable("it can't be read");
    }
  }

  private static byte[] bytes(Path file, int most) throws Unreadable {
    byte[] bytes = head(file, most + 1);
    if (bytes.length > most) {
      throw new Unreadable("it is larger than " + most + " bytes");
    }
    return bytes;
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Visitor visitor;
    private int files;

    Walk(Visitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      boolean skip =
          !folder.equals(root)
              && (NEVER.contains(String.valueOf(folder.getFileName())) || excluded(folder));
      return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      if (files > MOST_FILES) {
        return FileVisitResult.TERMINATE;
      }
      if (attributes.isDirectory()) {
        visitor.skipped(path(file), "nested more than " + DEEPEST + " folders deep");
      } else if (attributes.isRegularFile() && !excluded(file)) {
        visitor.file(file, path(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (file.equals(root)) {
        throw e;
      }
      visitor.skipped(path(file), "unreadable");
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      if (e != null) {
        visitor.skipped(path(folder), "unreadable");
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean excluded(Path file) {
      Path relative = root.relativize(file);
      return exclude.stream().anyMatch(pattern -> pattern.matches(relative));
    }
  }
}
