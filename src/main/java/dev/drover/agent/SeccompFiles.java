package dev.drover.agent;

import dev.drover.seccomp.SeccompFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The filters of system calls as files, from which bubblewrap reads them. */
final class SeccompFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SeccompFiles.class);

  private final Map<Path, byte[]> filters;
  private final Path shutOff;
  private final Path hostNetwork;

  private SeccompFiles(Path folder, byte[] shutOff, byte[] hostNetwork) {
    this.shutOff = folder.resolve("shut-off.bpf");
    this.hostNetwork = folder.resolve("host-network.bpf");
    this.filters = Map.of(this.shutOff, shutOff, this.hostNetwork, hostNetwork);
  }

  /** What {@link #find} gives: the files, or why there are none. */
  record Finding(Optional<SeccompFiles> usable, String reason) {}

  /** Writes the filters and really tries one. */
  static Finding find(Bubblewrap bubblewrap) {
    String architecture = System.getProperty("os.arch");
    Optional<byte[]> shutOff = SeccompFilter.bytes(architecture, false);
    Optional<byte[]> hostNetwork = SeccompFilter.bytes(architecture, true);
    if (shutOff.isEmpty() || hostNetwork.isEmpty()) {
      String known = " are not known; they are for amd64 and aarch64";
      return new Finding(Optional.empty(), "the system calls of " + architecture + known);
    }
    try {
      SeccompFiles files =
          new SeccompFiles(
              Files.createTempDirectory("drover-seccomp"), shutOff.get(), hostNetwork.get());
      String fault = bubblewrap.fault(files.filter(false));
      if (fault.isEmpty()) {
        return new Finding(Optional.of(files), "");
      }
      files.close();
      return new Finding(Optional.empty(), fault);
    } catch (IOException e) {
      return new Finding(Optional.empty(), "the filter can't be written: " + e);
    }
  }

  /** The filter, written again if somebody has tidied up the folder of temporary files. */
  synchronized Path filter(boolean forHostNetwork) throws IOException {
    Path file = forHostNetwork ? hostNetwork : shutOff;
    if (!Files.exists(file)) {
      privateFolder(file);
      Path written = file.resolveSibling(file.getFileName() + ".new");
      Files.write(written, filters.getOrDefault(file, new byte[0]));
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE); // never seen in part
    }
    return file;
  }

  /** Whoever could write the filter could take it away. */
  private static void privateFolder(Path file) throws IOException {
    Path folder = file.resolveSibling("");
    if (!Files.exists(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(shutOff);
      Files.deleteIfExists(hostNetwork);
      Files.deleteIfExists(shutOff.resolveSibling(""));
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("file", shutOff).log("Filters were not deleted");
    }
  }
}
