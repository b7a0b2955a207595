package dev.drover.agents.patcher;

import java.util.List;

/**
 * A hunk of a unified patch: where it was made, and its lines.
 *
 * @param oldStart from 1, as the header has it; the line before where the old side is empty
 */
record Hunk(int oldStart, String header, List<Line> lines) {

  /** A line with its end, and whether it is context, added or removed. */
  record Line(char sign, String text) {}

  Hunk {
    lines = List.copyOf(lines);
  }

  /** What the file must hold: context and removed lines. */
  List<String> before() {
    return lines.stream().filter(line -> line.sign() != '+').map(Line::text).toList();
  }

  /** What the file will hold: context and added lines. */
  List<String> after() {
    return lines.stream().filter(line -> line.sign() != '-').map(Line::text).toList();
  }

  int leadingContext() {
    int count = 0;
    while (count < lines.size() && lines.get(count).sign() == ' ') {
      count++;
    }
    return count;
  }

  int trailingContext() {
    int count = 0;
    while (count < lines.size() && lines.get(lines.size() - 1 - count).sign() == ' ') {
      count++;
    }
    return count;
  }

  /** The line at which the old side begins, from 1. */
  int firstLine() {
    boolean insertsOnly = lines.stream().noneMatch(line -> line.sign() != '+');
    return insertsOnly ? oldStart + 1 : oldStart;
  }

  /** As text again, for what is handed back. */
  String text() {
    StringBuilder out = new StringBuilder(header).append('\n');
    for (Line line : lines) {
      out.append(line.sign()).append(line.text());
      if (!line.text().endsWith("\n")) {
        out.append("\n\\ No newline at end of file\n");
      }
    }
    return out.toString();
  }
}
