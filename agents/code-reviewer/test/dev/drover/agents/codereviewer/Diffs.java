package dev.drover.agents.codereviewer;

import dev.drover.agents.kit.BadInput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Makes small diffs. */
final class Diffs {
  private Diffs() {}

  /** A file that exists, and gets these lines at its top. */
  static String adding(String file, String text) {
    List<String> lines = text.lines().toList();
    return "diff --git a/%1$s b/%1$s\n--- a/%1$s\n+++ b/%1$s\n@@ -0,0 +1,%2$d @@\n"
            .formatted(file, lines.size())
        + lines.stream().map(line -> "+" + line + "\n").collect(Collectors.joining());
  }

  /** Lines with their own marks, from line 1 on. */
  static String changing(String file, String... lines) {
    long old = Arrays.stream(lines).filter(line -> !line.startsWith("+")).count();
    long now = Arrays.stream(lines).filter(line -> !line.startsWith("-")).count();
    return "--- a/%1$s\n+++ b/%1$s\n@@ -1,%2$d +1,%3$d @@\n".formatted(file, old, now)
        + String.join("\n", lines)
        + "\n";
  }

  static List<ChangedFile> files(String diff) throws BadInput {
    return DiffParser.parse(diff).stream().map(ChangedFile::of).toList();
  }
}
