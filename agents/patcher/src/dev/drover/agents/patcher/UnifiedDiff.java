package dev.drover.agents.patcher;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes changes as {@code git diff} does, so that {@code git apply} takes them. */
final class UnifiedDiff {
  private static final int CONTEXT = 3;

  /** The diff of one file; one character a byte. Binary files have no text to show. */
  record FileDiff(String text, int added, int removed, boolean binary) {}

  private final StringBuilder out = new StringBuilder();
  private int added;
  private int removed;

  private UnifiedDiff() {}

  static FileDiff of(Workspace.Change change) {
    return new UnifiedDiff().file(change);
  }

  private FileDiff file(Workspace.Change change) {
    Optional<FileState> before = change.before();
    Optional<FileState> after = change.after();
    String path = bytes(change.path());
    String old = quoted("a/" + path);
    String fresh = quoted("b/" + path);
    out.append("diff --git ").append(old).append(' ').append(fresh).append('\n');
    modes(before, after);
    String left = before.map(FileState::bytes).orElse("");
    String right = after.map(FileState::bytes).orElse("");
    boolean binary =
        before.map(FileState::isBinary).orElse(false)
            || after.map(FileState::isBinary).orElse(false);
    if (binary) {
      out.append("Binary files differ\n");
    } else if (!left.equals(right)) {
      // Git and patch take what follows a tab for a date, so a name with blanks needs one.
      String end = path.indexOf(' ') < 0 ? "\n" : "\t\n";
      out.append("--- ").append(before.isPresent() ? old + end : "/dev/null\n");
      out.append("+++ ").append(after.isPresent() ? fresh + end : "/dev/null\n");
      hunks(Lines.of(left), Lines.of(right));
    }
    return new FileDiff(out.toString(), added, removed, binary);
  }

  private void modes(Optional<FileState> before, Optional<FileState> after) {
    if (before.isEmpty() && after.isPresent()) {
      out.append("new file mode ").append(mode(after.get())).append('\n');
    } else if (before.isPresent() && after.isEmpty()) {
      out.append("deleted file mode ").append(mode(before.get())).append('\n');
    } else if (before.isPresent()
        && after.isPresent()
        && before.get().executable() != after.get().executable()) {
      out.append("old mode ").append(mode(before.get())).append('\n');
      out.append("new mode ").append(mode(after.get())).append('\n');
    }
  }

  static String mode(FileState state) {
    return state.executable() ? "100755" : "100644";
  }

  private void hunks(List<String> before, List<String> after) {
    List<LineDiff.Block> together = new ArrayList<>();
    for (LineDiff.Block block : LineDiff.between(before, after)) {
      boolean apart =
          !together.isEmpty()
              && block.oldFrom() - together.get(together.size() - 1).oldTo() > 2 * CONTEXT;
      if (apart) {
        hunk(together, before, after);
        together.clear();
      }
      together.add(block);
    }
    if (!together.isEmpty()) {
      hunk(together, before, after);
    }
  }

  private void hunk(List<LineDiff.Block> blocks, List<String> before, List<String> after) {
    LineDiff.Block first = blocks.get(0);
    LineDiff.Block last = blocks.get(blocks.size() - 1);
    int lead = Math.min(CONTEXT, first.oldFrom());
    int trail = Math.min(CONTEXT, before.size() - last.oldTo());
    out.append("@@ -")
        .append(range(first.oldFrom() - lead, last.oldTo() + trail))
        .append(" +")
        .append(range(first.newFrom() - lead, last.newTo() + trail))
        .append(" @@\n");
    int at = first.oldFrom() - lead;
    for (LineDiff.Block block : blocks) {
      lines(' ', before.subList(at, block.oldFrom()));
      lines('-', before.subList(block.oldFrom(), block.oldTo()));
      lines('+', after.subList(block.newFrom(), block.newTo()));
      removed += block.oldTo() - block.oldFrom();
      added += block.newTo() - block.newFrom();
      at = block.oldTo();
    }
    lines(' ', before.subList(at, at + trail));
  }

  private static String range(int from, int to) {
    int count = to - from;
    int start = count == 0 ? from : from + 1;
    return count == 1 ? String.valueOf(start) : start + "," + count;
  }

  private void lines(char sign, List<String> lines) {
    for (String line : lines) {
      out.append(sign).append(line);
      if (!line.endsWith("\n")) {
        out.append("\n\\ No newline at end of file\n");
      }
    }
  }

  private static String bytes(String path) {
    return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** As git quotes names that are not plain ASCII. */
  private static String quoted(String path) {
    StringBuilder quoted = new StringBuilder("\"");
    boolean plain = true;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
        plain = false;
      } else if (c < ' ' || c > '~') {
        quoted
            .append('\\')
            .append((char) ('0' + (c >> 6)))
            .append((char) ('0' + (c >> 3 & 7)))
            .append((char) ('0' + (c & 7)));
        plain = false;
      } else {
        quoted.append(c);
      }
    }
    return plain ? path : quoted.append('"').toString();
  }
}
