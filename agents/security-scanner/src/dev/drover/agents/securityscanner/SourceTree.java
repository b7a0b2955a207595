package dev.drover.agents.securityscanner;

import dev.drover.agents.kit.Glob;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the files of a target and hands over their bytes. Links are never followed and special
 * files never opened; only the target itself may be a link, for it was named on purpose.
 */
final class SourceTree {

  /** Told of every file once: its bytes, or why it has none. Paths have forward slashes. */
  interface Reader {
    void file(String path, byte[] content);

    void skipped(String path, Skip reason);
  }

  /** Why a file was not read. */
  enum Skip {
    LINK("symbolic link"),
    SPECIAL("not a regular file"),
    TOO_LARGE("larger than maxFileSize"),
    UNREADABLE("unreadable"),
    BINARY("binary");

    final String words;

    Skip(String words) {
      this.words = words;
    }
  }

  private static final Set<String> NEVER = Set.of(".git", ".hg", ".svn");

  private final Path root;
  private final boolean single;
  private final int maxFileSize;
  private final List<Glob> include;
  private final List<Glob> exclude;
  private final Set<String> skipDirectories;

  SourceTree(Request request) {
    this.root = locate(request.target());
    this.single = !Files.isDirectory(root);
    this.maxFileSize = request.limits().maxFileSize();
    this.include = Glob.all(request.files().include());
    this.exclude = Glob.all(request.files().exclude());
    this.skipDirectories = Set.copyOf(request.files().skipDirectories());
  }

  private static Path locate(String target) {
    try {
      return Path.of(target).toRealPath();
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new ScanException(
          ScanException.BAD_INPUT,
          "the target "
              + Mask.line(target, 200)
              + " does not exist where the agent runs:"
              + " name an existing folder or file");
    } catch (IOException e) {
      throw new ScanException(
          ScanException.BROKEN,
          "the target "
              + Mask.line(target, 200)
              + " can't be opened:"
              + " let the agent's user read it");
    }
  }

  void read(Reader reader) {
    try {
      Files.walkFileTree(root, new Walk(reader));
    } catch (IOException e) {
      throw new ScanException(
          ScanException.TEMPORARY, "the target vanished or failed while it was read: try again");
    }
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Reader reader;

    Walk(Reader reader) {
      this.reader = reader;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      String name = String.valueOf(folder.getFileName());
      boolean skip =
          NEVER.contains(name)
              || skipDirectories.contains(name)
              || (!exclude.isEmpty() && Glob.anyMatches(exclude, path(folder)));
      return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String path = path(file);
      if (wanted(path)) {
        if (attributes.isSymbolicLink()) {
          reader.skipped(path, Skip.LINK);
        } else if (!attributes.isRegularFile()) {
          reader.skipped(path, Skip.SPECIAL);
        } else if (attributes.size() > maxFileSize) {
          reader.skipped(path, Skip.TOO_LARGE);
        } else {
          open(path, file);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (file.equals(root)) {
        throw e;
      }
      reader.skipped(path(file), Skip.UNREADABLE);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      if (e != null) {
        reader.skipped(path(folder), Skip.UNREADABLE);
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean wanted(String path) {
      return (include.isEmpty() || Glob.anyMatches(include, path))
          && !Glob.anyMatches(exclude, path);
    }

    private void open(String path, Path file) {
      byte[] content;
      // The file may have become a link, or have grown, since the folder was listed.
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        content = in.readNBytes(maxFileSize + 1);
      } catch (IOException e) {
        reader.skipped(path, Skip.UNREADABLE);
        return;
      }
      if (content.length > maxFileSize) {
        reader.skipped(path, Skip.TOO_LARGE);
      } else {
        reader.file(path, content);
      }
    }
  }

  private String path(Path file) {
    if (single || file.equals(root)) {
      return readable(file, String.valueOf(file.getFileName()));
    }
    String path = root.relativize(file).toString().replace(File.separatorChar, '/');
    return readable(file, path);
  }

  /** In a C locale Java can't decode other letters in a name; its URI has the bytes of it. */
  private String readable(Path file, String path) {
    if (path.indexOf('\uFFFD') < 0) {
      return path;
    }
    String all = file.toUri().getRawPath();
    String base = root.toUri().getRawPath();
    String rest =
        !single && all.startsWith(base)
            ? all.substring(base.length())
            : all.substring(all.lastIndexOf('/') + 1);
    return URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
