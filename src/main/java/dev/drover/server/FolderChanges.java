package dev.drover.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changed in a folder since it was last looked at. It looks instead of listening, because
 * change notices are lost on network file systems and in mounted volumes.
 */
final class FolderChanges {
  private static final Logger LOG = LoggerFactory.getLogger(FolderChanges.class);
  private static final int DEPTH = 12;

  private final Path folder;
  private final Predicate<Path> wanted;
  private Map<Path, FileStamp> seen = new HashMap<>();
  private boolean missing;

  FolderChanges(Path folder, Predicate<Path> wanted) {
    this.folder = folder;
    this.wanted = wanted;
  }

  /** Files that are new or have other content, and files that are gone. */
  record Changes(Set<Path> changed, Set<Path> gone) {
    boolean isEmpty() {
      return changed.isEmpty() && gone.isEmpty();
    }
  }

  Changes look() {
    Map<Path, FileStamp> now = stamps();
    Set<Path> changed = new TreeSet<>();
    now.forEach(
        (path, stamp) -> {
          if (!stamp.isSameAs(seen.get(path))) {
            changed.add(path);
          }
        });
    Set<Path> gone = new TreeSet<>(seen.keySet());
    gone.removeAll(now.keySet());
    seen = now;
    return new Changes(changed, gone);
  }

  /** Makes the file show as changed, or as gone, at the next look too. */
  void again(Path file) {
    if (Files.exists(file)) {
      seen.remove(file);
    } else {
      seen.put(file, FileStamp.NONE);
    }
  }

  /** Whether the file was there at the last look. */
  boolean has(Path file) {
    return seen.containsKey(file);
  }

  private Map<Path, FileStamp> stamps() {
    if (!Files.isDirectory(folder)) {
      noteMissing(!seen.isEmpty());
      return new HashMap<>(seen);
    }
    noteMissing(false);
    Map<Path, FileStamp> stamps = new HashMap<>();
    try {
      Files.walkFileTree(folder, Set.of(), DEPTH, new Visitor(stamps));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stamps;
  }

  /** A folder that is gone whole is a volume that is not mounted rather than a wish. */
  private void noteMissing(boolean now) {
    if (now && !missing) {
      LOG.atWarn().addKeyValue("folder", folder).log("Folder is gone; what it held stays in force");
    }
    missing = now;
  }

  /** Editors' drafts, and the copies behind a mounted ConfigMap. */
  private boolean isHidden(Path path) {
    for (Path name : folder.relativize(path)) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private void stamp(Path path, Map<Path, FileStamp> stamps) {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      if (file.isRegularFile()) {
        stamps.put(path, FileStamp.of(path, file, seen.get(path)));
      }
    } catch (IOException e) {
      stamps.remove(path); // gone between listing and looking
    }
  }

  /** What can't be read is passed over: the rest of the folder counts all the same. */
  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Map<Path, FileStamp> stamps;

    Visitor(Map<Path, FileStamp> stamps) {
      this.stamps = stamps;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!isHidden(file) && wanted.test(file)) {
        stamp(file, stamps);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      LOG.atDebug().addKeyValue("file", file).setCause(e).log("Can't be read, and is passed over");
      return FileVisitResult.CONTINUE;
    }
  }
}
