package dev.drover.agent;

import dev.drover.agent.AgentManifest.ArtifactLimits;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one attempt: what it is given, what it leaves, and copies on their way. */
final class AttemptFolder {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptFolder.class);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path root;
  private int files;

  private AttemptFolder(Path root) {
    this.root = root;
  }

  /** Makes a folder of that name. */
  static AttemptFolder make(Path parent, String name) throws IOException {
    Files.createDirectories(parent, PRIVATE);
    return new AttemptFolder(Files.createDirectory(parent.resolve(name), PRIVATE));
  }

  /** The name of a file in it that is not there yet. */
  Path next() {
    return root.resolve("file-" + files++);
  }

  /** Makes the folder in which the attempt leaves its files. */
  OutFolder out(ArtifactLimits limits) throws IOException {
    return new OutFolder(Files.createDirectory(root.resolve("out"), PRIVATE), limits);
  }

  /** Deletes everything, however it was made; what can't be deleted is said in the log. */
  void delete() {
    delete(root);
  }

  /** Deletes a folder that may have been filled by anybody. */
  static void delete(Path folder) {
    try {
      empty(folder);
      Files.deleteIfExists(folder);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("Files of an attempt are left");
    }
  }

  /**
   * Folders within folders are moved up before they are emptied: so neither their depth nor the
   * length of their paths matters, whatever somebody has made.
   */
  private static void empty(Path folder) throws IOException {
    int moved = 0;
    for (List<Path> some = some(folder); !some.isEmpty(); some = some(folder)) {
      for (Path entry : some) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          Files.deleteIfExists(entry);
          continue;
        }
        open(entry);
        for (Path inner : some(entry)) {
          if (Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS)) {
            open(inner); // a folder that is moved must be writable
            Files.move(inner, free(folder, moved++));
          } else {
            Files.deleteIfExists(inner);
          }
        }
        if (some(entry).isEmpty()) {
          Files.delete(entry);
        }
      }
    }
  }

  private static Path free(Path folder, int number) {
    return folder.resolve(".moved-" + number + "-" + System.nanoTime());
  }

  private static void open(Path folder) throws IOException {
    if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Not all at once: nobody knows how many there are. */
  private static List<Path> some(Path folder) throws IOException {
    List<Path> some = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path entry : all) {
        some.add(entry);
        if (some.size() == 1_000) {
          break;
        }
      }
    }
    return some;
  }
}
