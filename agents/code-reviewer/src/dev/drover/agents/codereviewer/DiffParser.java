package dev.drover.agents.codereviewer;

import dev.drover.agents.codereviewer.DiffLine.Kind;
import dev.drover.agents.codereviewer.FileDiff.Change;
import dev.drover.agents.kit.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads unified diffs, of git and plain ones. A hunk's own counts say where it ends, so that what
 * looks like a header within a hunk is none. Words between files, such as an e-mail's, are passed
 * over.
 */
final class DiffParser {
  /** Bytes, or characters, of a diff: what the agent's memory has room for. */
  static final int MOST = 16 << 20;

  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");
  private static final Pattern BINARY = Pattern.compile("Binary files (.+) and (.+) differ");
  private static final Pattern LITERAL = Pattern.compile("literal (\\d{1,15})");

  private final String[] lines;
  private final List<FileDiff> files = new ArrayList<>();
  private int at;
  private @Nullable Draft draft;

  private DiffParser(String diff) {
    this.lines = diff.split("\n", -1);
  }

  /** What was read of a file so far. */
  private static final class Draft {
    final boolean git;
    String before = "";
    String after = "";
    Change change = Change.MODIFIED;
    boolean binary;
    boolean paths;
    long size = -1;
    final List<List<DiffLine>> hunks = new ArrayList<>();

    Draft(boolean git) {
      this.git = git;
    }

    FileDiff finish() {
      boolean gone = after.equals(DiffPath.NONE) || change == Change.DELETED;
      Change found = gone ? Change.DELETED : before.equals(DiffPath.NONE) ? Change.ADDED : change;
      String path = gone && !before.equals(DiffPath.NONE) ? before : after;
      String old = before.equals(DiffPath.NONE) ? path : before;
      return new FileDiff(path, old, found, binary, size, hunks);
    }
  }

  /**
   * The files of a diff.
   *
   * @throws BadInput where it is broken; the message has the line's number
   */
  static List<FileDiff> parse(String diff) throws BadInput {
    if (diff.length() > MOST) {
      throw new BadInput("diff: it is larger than " + (MOST >> 20) + " MiB; review it in parts");
    }
    DiffParser parser = new DiffParser(diff);
    parser.run();
    if (parser.files.isEmpty() && !diff.isBlank()) {
      throw new BadInput(
          "diff: no file was found in it; give a unified diff, as of git diff or diff -u");
    }
    return List.copyOf(parser.files);
  }

  private void run() throws BadInput {
    while (at < lines.length) {
      String line = line(at);
      if (line.startsWith("diff --git ")) {
        open(line.substring("diff --git ".length()));
      } else if (line.startsWith("diff --cc ") || line.startsWith("diff --combined ")) {
        throw wrong("it is the combined diff of a merge; give the diff against one parent");
      } else if (line.startsWith("--- ")
          && at + 1 < lines.length
          && line(at + 1).startsWith("+++ ")) {
        names(line.substring(4), line(at + 1).substring(4));
        at++;
      } else if (line.startsWith("@@ ")) {
        hunk(line);
        continue;
      } else {
        header(line);
      }
      at++;
    }
    close();
  }

  private void open(String both) {
    close();
    Draft next = new Draft(true);
    DiffPath.ofHeader(both)
        .ifPresent(
            path -> {
              next.before = path;
              next.after = path;
            });
    draft = next;
  }

  private void close() {
    if (draft != null && !draft.after.isEmpty()) {
      files.add(draft.finish());
    }
    draft = null;
  }

  private void names(String old, String now) {
    Draft current = draft;
    if (current == null || !current.git || current.paths) {
      close();
      current = new Draft(false);
      draft = current;
    }
    String before = DiffPath.read(old);
    String after = DiffPath.read(now);
    current.paths = true;
    if (current.git) {
      // A rename's own lines are exact; these could lack a prefix.
      if (current.change != Change.RENAMED) {
        current.before = before.equals(DiffPath.NONE) ? before : DiffPath.withoutPrefix(before);
        current.after = after.equals(DiffPath.NONE) ? after : DiffPath.withoutPrefix(after);
      }
    } else {
      String path = DiffPath.plain(before, after);
      current.before = before.equals(DiffPath.NONE) ? before : path;
      current.after = after.equals(DiffPath.NONE) ? after : path;
    }
  }

  private void header(String line) {
    if (draft != null && draft.git) {
      gitHeader(draft, line);
      return;
    }
    Matcher binary = BINARY.matcher(line);
    if (binary.matches()) {
      close();
      names(binary.group(1), binary.group(2));
      markBinary();
      close();
    }
  }

  private void gitHeader(Draft file, String line) {
    if (line.startsWith("new file mode")) {
      file.before = DiffPath.NONE;
    } else if (line.startsWith("deleted file mode")) {
      file.change = Change.DELETED;
    } else if (line.startsWith("rename from ") || line.startsWith("copy from ")) {
      file.before = DiffPath.read(line.substring(line.indexOf(" from ") + 6));
      file.change = Change.RENAMED;
    } else if (line.startsWith("rename to ") || line.startsWith("copy to ")) {
      file.after = DiffPath.read(line.substring(line.indexOf(" to ") + 4));
    } else if (BINARY.matcher(line).matches() || line.equals("GIT binary patch")) {
      markBinary();
    } else if (file.binary && file.size < 0) {
      Matcher literal = LITERAL.matcher(line);
      file.size = literal.matches() ? Long.parseLong(literal.group(1)) : -1;
    }
  }

  private void markBinary() {
    Optional.ofNullable(draft).ifPresent(file -> file.binary = true);
  }

  private void hunk(String line) throws BadInput {
    Matcher header = HUNK.matcher(line);
    Draft file = draft;
    if (!header.matches() || file == null || file.after.isEmpty()) {
      throw wrong(
          header.matches()
              ? "a hunk without the names of its file (--- and +++) before it"
              : "the hunk's header can't be read; it must be as in @@ -1,2 +3,4 @@");
    }
    HunkCount count = HunkCount.of(header);
    int start = at++;
    List<DiffLine> hunk = new ArrayList<>();
    while (count.isOpen()) {
      if (at >= lines.length) {
        at = start;
        throw wrong("the diff ends before this hunk does; was it cut off?");
      }
      String text = line(at);
      Kind kind = kind(text);
      if (!text.startsWith("\\")) {
        hunk.add(count.take(kind, text.isEmpty() ? "" : text.substring(1)));
      }
      if (count.isExceeded()) {
        throw wrong("the hunk has more lines than its header says");
      }
      at++;
    }
    file.hunks.add(hunk);
  }

  private Kind kind(String line) throws BadInput {
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case ' ', '\\' -> Kind.CONTEXT;
      case '+' -> Kind.ADDED;
      case '-' -> Kind.REMOVED;
      default -> throw wrong("a hunk's line must begin with a space, +, - or \\");
    };
  }

  /** Without the carriage return of files, or of diffs, with Windows' line ends. */
  private String line(int number) {
    String line = lines[number];
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private BadInput wrong(String what) {
    return new BadInput("diff: line " + (at + 1) + ": " + what);
  }
}
