package dev.drover.agents.securityscanner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instructions of a Dockerfile. An instruction's arguments are the text of the file from {@code
 * argumentsAt} on, with line continuations and the comments between them blanked out in place, so
 * that an index in the arguments plus {@code argumentsAt} is an offset in the file.
 */
final class Dockerfile {

  /** The keyword is in upper case. */
  record Instruction(String keyword, int at, int argumentsAt, String arguments) {}

  private static final Pattern KEYWORD = Pattern.compile("[ \\t]{0,200}([A-Za-z]{2,20})(?=\\s|$)");
  private static final Pattern ESCAPE =
      Pattern.compile("(?i)#[ \\t]{0,20}escape[ \\t]{0,20}=[ \\t]{0,20}`[ \\t\\r]{0,20}");
  private static final Pattern HEREDOC =
      Pattern.compile("<<(-?)[\"']?([A-Za-z_][A-Za-z0-9_]{0,63})");

  private final String text;
  private final List<Instruction> instructions = new ArrayList<>();
  private char escape = '\\';
  private int next;

  private Dockerfile(String text) {
    this.text = text;
  }

  static List<Instruction> parse(String text) {
    Dockerfile parser = new Dockerfile(text);
    parser.parse();
    return List.copyOf(parser.instructions);
  }

  /** By its name: Dockerfile, Dockerfile.web, web.Dockerfile, Containerfile and the like. */
  static boolean isOne(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (name.endsWith(".dockerignore") || name.endsWith(".md")) {
      return false;
    }
    return name.equals("dockerfile")
        || name.equals("containerfile")
        || name.startsWith("dockerfile.")
        || name.startsWith("containerfile.")
        || name.endsWith(".dockerfile");
  }

  private void parse() {
    boolean directives = true;
    while (next < text.length()) {
      int end = lineEnd(next);
      String line = text.substring(next, end).strip();
      if (line.startsWith("#") || line.isEmpty()) {
        if (directives && ESCAPE.matcher(line).matches()) {
          escape = '`';
        }
        directives &= line.startsWith("#");
        next = end + 1;
      } else {
        directives = false;
        instruction();
      }
    }
  }

  private void instruction() {
    int at = next;
    Matcher keyword = KEYWORD.matcher(text).region(at, lineEnd(at));
    if (!keyword.lookingAt()) {
      readLogicalLine(at);
      return;
    }
    String name = keyword.group(1).toUpperCase(Locale.ROOT);
    int argumentsAt = keyword.end();
    StringBuilder arguments = readLogicalLine(argumentsAt);
    if (name.equals("RUN") || name.equals("COPY") || name.equals("ADD")) {
      readHeredocs(arguments);
    }
    instructions.add(new Instruction(name, keyword.start(1), argumentsAt, arguments.toString()));
  }

  private StringBuilder readLogicalLine(int from) {
    StringBuilder out = new StringBuilder();
    int at = from;
    while (true) {
      int end = Math.min(lineEnd(at), text.length());
      String line = text.substring(at, end);
      boolean comment = at != from && line.strip().startsWith("#");
      boolean blank = at != from && line.isBlank();
      int escapeAt = comment ? -1 : continuation(line);
      out.append(comment ? " ".repeat(line.length()) : line);
      if (escapeAt >= 0) {
        out.setCharAt(out.length() - line.length() + escapeAt, ' ');
      }
      next = end + 1;
      if (end >= text.length() || !(comment || blank || escapeAt >= 0)) {
        return out;
      }
      out.append('\n');
      at = end + 1;
    }
  }

  /** Where the line's last character but blanks is the escape; -1 if it isn't. */
  private int continuation(String line) {
    int last = line.length() - 1;
    while (last >= 0 && Character.isWhitespace(line.charAt(last))) {
      last--;
    }
    return last >= 0 && line.charAt(last) == escape ? last : -1;
  }

  private void readHeredocs(StringBuilder arguments) {
    Matcher heredoc = HEREDOC.matcher(arguments.toString());
    while (heredoc.find()) {
      boolean tabs = !heredoc.group(1).isEmpty();
      boolean open = true;
      while (open && next < text.length()) {
        int end = lineEnd(next);
        String line = text.substring(next, end);
        arguments.append('\n').append(line);
        next = end + 1;
        String trimmed = tabs ? line.strip() : line.stripTrailing();
        open = !trimmed.equals(heredoc.group(2));
      }
    }
  }

  private int lineEnd(int from) {
    int newline = text.indexOf('\n', from);
    return newline < 0 ? text.length() : newline;
  }
}
