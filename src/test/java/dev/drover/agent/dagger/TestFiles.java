package dev.drover.agent.dagger;

import dev.drover.agent.dagger.TestContainer.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Copies of files and folders, known by what is in them. */
final class TestFiles {
  private final Path store;
  private final AtomicInteger count = new AtomicInteger();

  TestFiles(Path store) {
    try {
      this.store = Files.createDirectories(store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a path of the host holds now. */
  Node load(Path path) {
    if (!Files.exists(path)) {
      throw new IllegalStateException("lstat " + path + ": no such file or directory");
    }
    Path copy = store.resolve(String.valueOf(count.incrementAndGet()));
    copy(path, copy);
    return new Node(copy, Files.isDirectory(path), digest(copy));
  }

  /** Writes one out to the host. */
  void export(Node node, Path path, boolean wipe) {
    if (wipe && node.folder()) {
      delete(path);
    }
    copy(node.copy(), path);
  }

  private static void copy(Path from, Path to) {
    for (Path path : walk(from)) {
      Path target = to.resolve(from.relativize(path).toString());
      try {
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(
              path,
              target,
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES,
              java.nio.file.LinkOption.NOFOLLOW_LINKS);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void delete(Path folder) {
    List<Path> all = walk(folder).stream().sorted(Comparator.reverseOrder()).toList();
    for (Path path : all) {
      try {
        if (!path.equals(folder)) {
          Files.delete(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<Path> walk(Path from) {
    try (Stream<Path> all = Files.walk(from)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(Path copy) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path path : walk(copy)) {
        digest.update(
            copy.relativize(path).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (Files.isRegularFile(path)) {
          digest.update(Files.readAllBytes(path));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
