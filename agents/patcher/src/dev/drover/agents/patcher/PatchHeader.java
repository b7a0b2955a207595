package dev.drover.agents.patcher;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what the lines before the hunks say about a file. */
final class PatchHeader {
  private static final String NOWHERE = "/dev/null";

  private final int strip;
  private final List<Hunk> hunks = new ArrayList<>();
  private @Nullable String oldName;
  private @Nullable String newName;
  private @Nullable String gitLine;
  private @Nullable String newMode;
  private FilePatch.Kind kind = FilePatch.Kind.MODIFY;
  private boolean named;

  PatchHeader(int strip) {
    this.strip = strip;
  }

  static PatchHeader git(int strip, String line) {
    PatchHeader header = new PatchHeader(strip);
    header.gitLine = line.substring("diff --git ".length());
    return header;
  }

  boolean isGit() {
    return gitLine != null;
  }

  /** Whether the names were given by lines with --- and +++. */
  boolean isNamed() {
    return named;
  }

  /** One of git's extended lines; false if it is none. */
  boolean extended(String line) throws FixProblem {
    if (line.startsWith("new file mode ")) {
      kind = FilePatch.Kind.CREATE;
      newMode = line.substring(14);
    } else if (line.startsWith("deleted file mode ")) {
      kind = FilePatch.Kind.DELETE;
    } else if (line.startsWith("new mode ")) {
      newMode = line.substring(9);
    } else if (line.startsWith("rename from ") || line.startsWith("copy from ")) {
      kind = line.startsWith("r") ? FilePatch.Kind.RENAME : FilePatch.Kind.COPY;
      oldName = unquoted(line.substring(line.indexOf("from ") + 5));
    } else if (line.startsWith("rename to ") || line.startsWith("copy to ")) {
      newName = unquoted(line.substring(line.indexOf("to ") + 3));
    } else if (line.startsWith("GIT binary patch") || line.startsWith("Binary files ")) {
      throw new FixProblem("binary patches are not applied");
    } else {
      return line.startsWith("old mode ")
          || line.startsWith("index ")
          || line.startsWith("similarity index ")
          || line.startsWith("dissimilarity index ");
    }
    return true;
  }

  void names(String minus, String plus) throws FixProblem {
    named = true;
    String old = name(minus);
    String fresh = name(plus);
    if (old.equals(NOWHERE)) {
      kind = FilePatch.Kind.CREATE;
    } else if (fresh.equals(NOWHERE)) {
      kind = FilePatch.Kind.DELETE;
    }
    if (kind != FilePatch.Kind.RENAME && kind != FilePatch.Kind.COPY) {
      oldName = old.equals(NOWHERE) ? null : stripped(old);
      newName = fresh.equals(NOWHERE) ? null : stripped(fresh);
    }
  }

  void add(Hunk hunk) {
    hunks.add(hunk);
  }

  FilePatch build() throws FixProblem {
    if (oldName == null && newName == null) {
      fromGitLine();
    }
    if (newMode != null && !newMode.equals("100644") && !newMode.equals("100755")) {
      throw new FixProblem("mode " + newMode + " (a link or a submodule) is not applied");
    }
    Optional<String> old =
        kind == FilePatch.Kind.CREATE ? Optional.empty() : Optional.ofNullable(oldName);
    Optional<String> fresh =
        kind == FilePatch.Kind.DELETE ? Optional.empty() : Optional.ofNullable(newName);
    boolean needsOld = kind != FilePatch.Kind.CREATE;
    boolean needsNew = kind != FilePatch.Kind.DELETE;
    if ((needsOld && old.isEmpty()) || (needsNew && fresh.isEmpty())) {
      throw new FixProblem("a file header lacks a name");
    }
    for (String path : List.of(old.orElse("x"), fresh.orElse("x"))) {
      Optional<String> problem = TreePath.problem(path);
      if (problem.isPresent()) {
        throw new FixProblem("the path \"" + path + "\" of the patch " + problem.get());
      }
    }
    return new FilePatch(kind, old, fresh, Optional.ofNullable(newMode), List.copyOf(hunks));
  }

  /** Without other lines both names are the same, so the middle is where the line is cut. */
  private void fromGitLine() throws FixProblem {
    if (gitLine == null) {
      throw new FixProblem("a file header lacks a name");
    }
    String left;
    String right;
    if (gitLine.startsWith("\"")) {
      int end = closingQuote(gitLine);
      left = unquoted(gitLine.substring(0, end + 1));
      right = unquoted(gitLine.substring(Math.min(end + 2, gitLine.length())));
    } else {
      int middle = gitLine.length() / 2;
      left = gitLine.substring(0, middle);
      right = gitLine.substring(Math.min(middle + 1, gitLine.length()));
    }
    oldName = stripped(decoded(left));
    newName = stripped(decoded(right));
    if (!oldName.equals(newName)) {
      throw new FixProblem("the names of a \"diff --git\" line can't be told apart");
    }
  }

  private static String name(String line) throws FixProblem {
    String rest = line.substring(4);
    if (rest.startsWith("\"")) {
      return unquoted(rest);
    }
    int tab = rest.indexOf('\t');
    return decoded((tab < 0 ? rest : rest.substring(0, tab)).stripTrailing());
  }

  private String stripped(String name) throws FixProblem {
    String rest = name;
    for (int i = 0; i < strip; i++) {
      int slash = rest.indexOf('/');
      if (slash < 0) {
        throw new FixProblem(
            "the path \"" + name + "\" has fewer than " + strip + " leading folders: set strip");
      }
      rest = rest.substring(slash + 1);
    }
    return rest;
  }

  private static int closingQuote(String text) {
    for (int i = 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        return i;
      }
    }
    return text.length() - 1;
  }

  /** A name as git quotes it, with C's escapes. */
  private static String unquoted(String name) throws FixProblem {
    if (!name.startsWith("\"")) {
      return decoded(name);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int end = closingQuote(name);
    for (int i = 1; i < end; i++) {
      char c = name.charAt(i);
      if (c != '\\') {
        bytes.write(c);
      } else if (i + 3 < name.length() && name.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
        bytes.write(Integer.parseInt(name.substring(i + 1, i + 4), 8));
        i += 3;
      } else if (name.charAt(i + 1) == '"' || name.charAt(i + 1) == '\\') {
        bytes.write(name.charAt(++i));
      } else {
        throw new FixProblem("a quoted path has control characters");
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String decoded(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
