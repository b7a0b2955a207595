package dev.drover.agents.patcher;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads unified patches, plain ones and git's. What stands between files, such as a mail's text, is
 * passed over.
 */
final class PatchParser {
  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");
  private static final int MOST_FILES = 5000;
  private static final int MOST_HUNKS = 50_000;

  private final List<String> lines;
  private final int strip;
  private final List<FilePatch> files = new ArrayList<>();
  private int hunkCount;
  private int at;

  private PatchParser(List<String> lines, int strip) {
    this.lines = lines;
    this.strip = strip;
  }

  /** The text has one character a byte. */
  static List<FilePatch> parse(String patch, int strip) throws FixProblem {
    List<String> lines = Lines.of(patch.endsWith("\n") ? patch : patch + "\n");
    if (isSentWithCrLf(lines)) {
      lines = lines.stream().map(line -> Lines.withoutEnd(line) + "\n").toList();
    }
    List<FilePatch> files = new PatchParser(lines, strip).files();
    if (files.isEmpty()) {
      throw new FixProblem(
          "there is no unified patch in it (no lines with --- and +++, no diff --git)");
    }
    return files;
  }

  /** On its way its line ends became CRLF as a whole: header lines have them by no other cause. */
  private static boolean isSentWithCrLf(List<String> lines) {
    List<String> headers =
        lines.stream().filter(line -> line.startsWith("@@ -") || line.startsWith("+++ ")).toList();
    return !headers.isEmpty() && headers.stream().allMatch(line -> line.endsWith("\r\n"));
  }

  private List<FilePatch> files() throws FixProblem {
    @Nullable PatchHeader header = null;
    while (at < lines.size()) {
      String line = Lines.withoutEnd(lines.get(at));
      if (line.startsWith("diff --git ")) {
        finish(header);
        header = PatchHeader.git(strip, line);
        at++;
      } else if (isNames(line)) {
        if (header == null || !header.isGit() || header.isNamed()) {
          finish(header);
          header = new PatchHeader(strip);
        }
        header.names(line, Lines.withoutEnd(lines.get(at + 1)));
        at += 2;
      } else if (header != null && header.isNamed() && line.startsWith("@@ -")) {
        header.add(hunk(line));
      } else {
        boolean extended = header != null && header.isGit() && header.extended(line);
        if (!extended && line.startsWith("GIT binary patch")) {
          throw new FixProblem("binary patches are not applied");
        }
        at++;
      }
    }
    finish(header);
    return files;
  }

  private boolean isNames(String line) {
    return line.startsWith("--- ") && at + 1 < lines.size() && lines.get(at + 1).startsWith("+++ ");
  }

  private void finish(@Nullable PatchHeader header) throws FixProblem {
    if (header != null) {
      files.add(header.build());
      if (files.size() > MOST_FILES) {
        throw new FixProblem("the patch has more than " + MOST_FILES + " files");
      }
    }
  }

  private Hunk hunk(String headerLine) throws FixProblem {
    Matcher matcher = HUNK.matcher(headerLine);
    if (!matcher.matches() || ++hunkCount > MOST_HUNKS) {
      throw wrong("no hunk header, or too many of them");
    }
    int start = Integer.parseInt(matcher.group(1));
    int old = count(matcher.group(2));
    int fresh = count(matcher.group(4));
    at++;
    List<Hunk.Line> body = new ArrayList<>();
    while (old > 0 || fresh > 0) {
      if (at >= lines.size()) {
        throw wrong("the last hunk is cut off");
      }
      String line = lines.get(at);
      // Editors and mail programs cut the blank of an empty context line.
      boolean bare = Lines.withoutEnd(line).isEmpty();
      char sign = bare ? ' ' : line.charAt(0);
      old -= sign == '+' ? 0 : 1;
      fresh -= sign == '-' ? 0 : 1;
      if ("+- ".indexOf(sign) < 0 || old < 0 || fresh < 0) {
        throw wrong("the hunk has other lines than its header counts");
      }
      at++;
      body.add(new Hunk.Line(sign, ended(bare ? line : line.substring(1))));
    }
    return new Hunk(start, headerLine, body);
  }

  private static int count(@Nullable String number) {
    return number == null ? 1 : Integer.parseInt(number);
  }

  private String ended(String text) {
    if (at < lines.size() && lines.get(at).startsWith("\\")) {
      at++;
      return text.substring(0, text.length() - 1);
    }
    return text;
  }

  private FixProblem wrong(String problem) {
    return new FixProblem(
        "the patch is malformed at line " + (Math.min(at, lines.size() - 1) + 1) + ": " + problem);
  }
}
