package dev.drover.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder that one server owns while it runs. The operating system frees it if that dies. */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /** Another server owns the folder. */
  public static final class InUse extends IOException {
    private static final long serialVersionUID = 1L;

    InUse(Path path) {
      super(
          "the data directory "
              + path
              + " is in use by another Drover: stop that one, or give this one a --data-dir of its"
              + " own");
    }
  }

  /** The folder can't be made or written. */
  public static final class Unusable extends IOException {
    private static final long serialVersionUID = 1L;

    Unusable(Path path, IOException cause) {
      super("the data directory " + path + " can't be used: " + cause, cause);
    }
  }

  /**
   * Takes the folder, making it if it is not there.
   *
   * @throws InUse if another server owns it
   * @throws Unusable if it can't be written
   */
  public static DataDirectory take(Path path) throws InUse, Unusable {
    Path folder = path.toAbsolutePath().normalize();
    try {
      return lock(folder);
    } catch (InUse e) {
      throw e;
    } catch (IOException e) {
      throw new Unusable(folder, e);
    }
  }

  private static DataDirectory lock(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      restrict(folder, "rwx------");
    }
    FileChannel channel =
        FileChannel.open(
            folder.resolve("drover.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new InUse(folder);
    }
    return new DataDirectory(folder, channel, lock);
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Sets POSIX permissions where the file system has them. */
  static void restrict(Path path, String permissions) throws IOException {
    if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // taken by this very process
    }
  }
}
