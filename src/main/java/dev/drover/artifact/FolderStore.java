package dev.drover.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Content in a folder of this host, by project and id. Several servers must share the folder. */
public final class FolderStore implements ArtifactStore {
  private final Path root;

  /** The folder is made when it is needed. */
  public FolderStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public void put(Artifact artifact, Path content) throws IOException {
    Path target = path(artifact);
    Path folder = folder(target);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    sync(content, StandardOpenOption.WRITE);
    try {
      Files.move(content, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) { // another file system
      Path draft = draft(target);
      Files.copy(content, draft, StandardCopyOption.REPLACE_EXISTING);
      sync(draft, StandardOpenOption.WRITE);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    }
    for (Path made = folder; made.startsWith(root); made = folder(made)) {
      sync(made, StandardOpenOption.READ);
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  @Override
  public InputStream open(Artifact artifact) throws IOException {
    return Files.newInputStream(path(artifact), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void delete(Artifact artifact) throws IOException {
    Path target = path(artifact);
    Files.deleteIfExists(target);
    Files.deleteIfExists(draft(target));
  }

  /** Ids of one time begin alike and end differently: no folder gets very large. */
  private Path path(Artifact artifact) {
    String id = artifact.id().toString();
    return root.resolve(artifact.project().value())
        .resolve(id.substring(id.length() - 2))
        .resolve(id);
  }

  private static Path draft(Path target) {
    return target.resolveSibling(target.getFileName() + ".new");
  }

  private static Path folder(Path path) {
    Path parent = path.getParent();
    return parent == null ? path.resolve("/") : parent;
  }
}
