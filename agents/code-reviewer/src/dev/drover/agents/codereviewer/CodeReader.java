package dev.drover.agents.codereviewer;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells code, comments and strings apart in the new side of a hunk. What stands before the hunk is
 * not known: that it begins within a comment shows only by the comment's end, or by the star that
 * its lines begin with.
 */
final class CodeReader {
  private final Syntax syntax;
  private boolean inComment;

  /** The quote that ends the string that a line began in; empty: none. */
  private String open = "";

  private CodeReader(Syntax syntax) {
    this.syntax = syntax;
  }

  static List<CodeLine> read(List<DiffLine> hunk, Syntax syntax) {
    List<DiffLine> lines = hunk.stream().filter(line -> !line.isRemoved()).toList();
    CodeReader reader = new CodeReader(syntax);
    reader.inComment = reader.beginsInComment(lines);
    List<CodeLine> read = new ArrayList<>(lines.size());
    for (DiffLine line : lines) {
      read.add(reader.new Pass(line).run());
    }
    return read;
  }

  private boolean beginsInComment(List<DiffLine> lines) {
    if (syntax.block().isEmpty()) {
      return false;
    }
    for (DiffLine line : lines) {
      int begin = line.text().indexOf(syntax.block().get(0));
      int end = line.text().indexOf(syntax.block().get(1));
      if (begin >= 0 || end >= 0) {
        return end >= 0 && (begin < 0 || end < begin);
      }
    }
    return !lines.isEmpty() && lines.get(0).text().strip().matches("\\*( .*)?");
  }

  /** One line. */
  private final class Pass {
    private final DiffLine line;
    private final String text;
    private final StringBuilder code;
    private final StringBuilder bare;
    private final StringBuilder comment;
    private int at;

    Pass(DiffLine line) {
      this.line = line;
      this.text = line.text();
      this.code = new StringBuilder(text.length());
      this.bare = new StringBuilder(text.length());
      this.comment = new StringBuilder(text.length());
    }

    CodeLine run() {
      while (at < text.length()) {
        if (inComment) {
          block();
        } else if (!open.isEmpty()) {
          string();
        } else {
          code();
        }
      }
      if (open.length() == 1 && !open.equals("`")) {
        open = "";
      }
      return new CodeLine(
          line.line(), line.isAdded(), text, code.toString(), bare.toString(), comment.toString());
    }

    private void block() {
      String end = syntax.block().get(1);
      int found = text.indexOf(end, at);
      inComment = found < 0;
      comment(found < 0 ? text.length() : found + end.length());
    }

    private void string() {
      char character = text.charAt(at);
      if (text.startsWith(open, at)) {
        both(open.length());
        open = "";
      } else {
        int length = character == '\\' && at + 1 < text.length() ? 2 : 1;
        code.append(text, at, at + length);
        bare.append(" ".repeat(length));
        comment.append(" ".repeat(length));
        at += length;
      }
    }

    private void code() {
      if (startsLineComment()) {
        comment(text.length());
        return;
      }
      if (!syntax.block().isEmpty() && text.startsWith(syntax.block().get(0), at)) {
        inComment = true;
        comment(at + syntax.block().get(0).length());
        return;
      }
      for (String quote : syntax.quotes()) {
        if (text.startsWith(quote, at)) {
          open = quote;
          both(quote.length());
          return;
        }
      }
      both(1);
    }

    private boolean startsLineComment() {
      boolean wordStart = at == 0 || Character.isWhitespace(text.charAt(at - 1));
      return (wordStart || !syntax.wordStart())
          && syntax.line().stream().anyMatch(mark -> text.startsWith(mark, at));
    }

    private void both(int length) {
      code.append(text, at, at + length);
      bare.append(text, at, at + length);
      comment.append(" ".repeat(length));
      at += length;
    }

    private void comment(int end) {
      comment.append(text, at, end);
      code.append(" ".repeat(end - at));
      bare.append(" ".repeat(end - at));
      at = end;
    }
  }
}
