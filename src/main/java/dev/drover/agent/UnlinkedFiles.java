package dev.drover.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Files that agents have deleted and keep open: they take room on the disk, and no folder shows
 * them. Only Linux tells of them.
 */
final class UnlinkedFiles {
  /** None, or nobody has looked. */
  static final UnlinkedFiles NONE = new UnlinkedFiles(List.of());

  private static final Path PROC = Path.of("/proc");
  private static final String WANTED = "unix:nlink,dev,size,mode";
  private static final int TYPE = 0xf000;
  private static final int PLAIN = 0x8000;

  private final List<Found> files;

  private record Found(Path process, String target, long device, long size) {}

  private UnlinkedFiles(List<Found> files) {
    this.files = files;
  }

  /** Goes through all processes that this one has started; what can't be looked at is left out. */
  static UnlinkedFiles look() {
    if (!Files.isDirectory(PROC.resolve("self/fd"))) {
      return NONE;
    }
    List<Found> files = new ArrayList<>();
    ProcessHandle.current()
        .descendants()
        .forEach(process -> look(PROC.resolve(Long.toString(process.pid())), files));
    return new UnlinkedFiles(files);
  }

  private static void look(Path process, List<Found> files) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : open) {
        String target = Files.readSymbolicLink(file).toString();
        if (target.endsWith(" (deleted)")) {
          Map<String, Object> found = Files.readAttributes(file, WANTED);
          if (number(found, "nlink") == 0 && (number(found, "mode") & TYPE) == PLAIN) {
            files.add(new Found(process, target, number(found, "dev"), number(found, "size")));
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // the process, or a file of it, is not there any more
    }
  }

  private static long number(Map<String, Object> found, String attribute) {
    return found.get(attribute) instanceof Number n ? n.longValue() : -1;
  }

  /** How many bytes those have that were in a folder. */
  long bytes(Path folder) {
    if (files.isEmpty()) {
      return 0;
    }
    try {
      long device = number(Files.readAttributes(folder, WANTED), "dev");
      return files.stream()
          .filter(f -> f.device == device)
          .filter(f -> f.target.startsWith(folder + "/") || isShown(folder, f.process))
          .mapToLong(Found::size)
          .sum();
    } catch (IOException e) {
      return 0; // the folder is gone
    }
  }

  /** Whether the folder is mounted where the process lives, under whatever name. */
  private static boolean isShown(Path folder, Path process) {
    String own = folder.subpath(folder.getNameCount() - 2, folder.getNameCount()).toString();
    try {
      byte[] mounts = Files.readAllBytes(process.resolve("mountinfo"));
      return new String(mounts, StandardCharsets.UTF_8).contains("/" + own + " ");
    } catch (IOException e) {
      return false; // the process has ended
    }
  }
}
