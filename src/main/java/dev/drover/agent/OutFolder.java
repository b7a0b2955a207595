package dev.drover.agent;

import dev.drover.agent.AgentManifest.ArtifactLimits;
import dev.drover.agent.FileNames.Named;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which an attempt leaves its files. Whatever is in it was made by somebody who may
 * be hostile: nothing is followed, and nothing is opened but plain files.
 */
final class OutFolder {
  private static final LinkOption NO_LINK = LinkOption.NOFOLLOW_LINKS;

  private final Path root;
  private final ArtifactLimits limits;

  OutFolder(Path root, ArtifactLimits limits) {
    this.root = root;
    this.limits = limits;
  }

  Path root() {
    return root;
  }

  /** Which bound the folder breaks. Looks at no more entries than it may have. */
  Optional<String> excess() {
    Tally tally = new Tally();
    try {
      tally.add(root, 1);
      return Optional.ofNullable(tally.excess);
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.of("left a folder that can't be looked into (" + e + ")");
    }
  }

  /** The same for what the folder does not show any more. */
  Optional<String> excess(UnlinkedFiles hidden) {
    return hidden.bytes(root) > limits.bytes()
        ? Optional.of(tooLarge() + ", deleted ones that are still open included")
        : Optional.empty();
  }

  private String tooLarge() {
    return "left more than "
        + ByteSize.print(limits.bytes())
        + " in files; artifacts.limit allows no more";
  }

  private final class Tally {
    private long bytes;
    private int entries;
    private @Nullable String excess;

    void add(Path folder, int depth) throws IOException {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path entry : all) {
          add(entry, attributes(entry), depth);
          if (excess != null) {
            return;
          }
        }
      } catch (NoSuchFileException e) {
        entries++; // it has just been deleted
      }
    }

    private void add(Path entry, Optional<BasicFileAttributes> found, int depth)
        throws IOException {
      entries++;
      if (entries > limits.files()) {
        excess =
            "left more than "
                + limits.files()
                + " files and folders; artifacts.files allows no more";
      } else if (found.isPresent() && found.get().isDirectory()) {
        if (depth == FileNames.DEPTH) {
          excess = "left folders more than " + FileNames.DEPTH + " deep";
        } else {
          add(entry, depth + 1);
        }
      } else if (found.isPresent()) {
        bytes += found.get().size();
        if (bytes > limits.bytes()) {
          excess = tooLarge();
        }
      }
    }

    private Optional<BasicFileAttributes> attributes(Path entry) throws IOException {
      try {
        return Optional.of(Files.readAttributes(entry, BasicFileAttributes.class, NO_LINK));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Copies a file that the output names.
   *
   * @param to a file that is not there yet
   */
  LeftFile copy(Named named, Path to) throws FilesRefused, IOException {
    // A fault of the file that is written is this server's, and none of the agent's.
    try (InputStream in = open(named)) {
      return copy(in, named, to);
    }
  }

  private InputStream open(Named named) throws FilesRefused, IOException {
    List<String> parts = FileNames.parts(named.name());
    try (DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
      if (!(top instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this system can't open files without following links");
      }
      return open(secure, parts, named);
    } catch (NoSuchFileException e) {
      throw refused(named, "is not in the folder that DROVER_OUT names");
    } catch (FileSystemException e) {
      throw refused(named, "can't be read: " + e.getReason());
    }
  }

  private InputStream open(SecureDirectoryStream<Path> folder, List<String> parts, Named named)
      throws FilesRefused, IOException {
    Path part = root.getFileSystem().getPath(parts.get(0));
    BasicFileAttributes found =
        folder.getFileAttributeView(part, BasicFileAttributeView.class, NO_LINK).readAttributes();
    if (parts.size() > 1) {
      if (!found.isDirectory()) {
        throw refused(named, "leads through what is no folder: links are not followed");
      }
      try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(part, NO_LINK)) {
        return open(next, parts.subList(1, parts.size()), named);
      }
    }
    check(named, found);
    return Channels.newInputStream(
        folder.newByteChannel(part, Set.of(StandardOpenOption.READ, NO_LINK)));
  }

  private void check(Named named, BasicFileAttributes found) throws FilesRefused, IOException {
    if (found.isSymbolicLink()) {
      throw refused(named, "is a symbolic link, and those are not followed");
    } else if (found.isDirectory()) {
      throw refused(named, "is a folder: name its files, or pack them into one");
    } else if (!found.isRegularFile()) {
      throw refused(named, "is no plain file");
    }
    if (root.getFileSystem().supportedFileAttributeViews().contains("unix")
        && !Integer.valueOf(1)
            .equals(Files.getAttribute(root.resolve(named.name()), "unix:nlink", NO_LINK))) {
      throw refused(named, "has another name (it is a hard link)");
    }
  }

  private LeftFile copy(InputStream in, Named named, Path to) throws FilesRefused, IOException {
    HashedCopy copy = HashedCopy.copy(in, to, limits.bytes());
    if (copy.size() > limits.bytes()) { // it has grown since it was looked at
      throw new FilesRefused(
          FailureType.ARTIFACT_TOO_LARGE,
          FileNames.quoted(named.name()) + " is larger than artifacts.limit allows");
    }
    return new LeftFile(to, named.name(), named.mediaType(), copy.size(), copy.sha256());
  }

  private static FilesRefused refused(Named named, String why) {
    return FileNames.refused(
        "the output names " + FileNames.quoted(named.name()) + ", which " + why);
  }
}
