package dev.drover.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the agents themselves say that they did: a line each, written outside of everything that is
 * killed. {@code START}, {@code END}, {@code OVERLAP} (another process works on the same key at the
 * same time), then idempotency key, attempt and process id.
 */
record Ledger(Path folder) {
  /** One line. */
  record Line(String what, String key, String attempt) {
    static Line of(String text) {
      String[] words = text.split(" ", -1);
      if (words.length != 4) {
        throw new IllegalArgumentException("a torn line in the ledger: " + text);
      }
      return new Line(words[0], words[1], words[2]);
    }
  }

  /** Makes the folder, open to agents of any user. */
  static Ledger create(Path folder) throws IOException {
    for (Path each : List.of(folder, folder.resolve("locks"), folder.resolve("tries"))) {
      Files.createDirectories(each);
      Files.setPosixFilePermissions(
          each, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    Files.createFile(folder.resolve("lines"));
    return new Ledger(folder);
  }

  List<Line> lines() {
    try {
      return Files.readAllLines(folder.resolve("lines")).stream().map(Line::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often each key did something. */
  Map<String, Long> counts(String what) {
    return lines().stream()
        .filter(line -> line.what().equals(what))
        .collect(Collectors.groupingBy(Line::key, Collectors.counting()));
  }
}
