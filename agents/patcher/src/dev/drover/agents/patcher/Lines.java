package dev.drover.agents.patcher;

import java.util.ArrayList;
import java.util.List;

/** Lines with their ends: put together they are the text again, byte for byte. */
final class Lines {
  private Lines() {}

  /** Only the last line may lack its end. */
  static List<String> of(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      lines.add(text.substring(from, at + 1));
      from = at + 1;
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  /** The line without its end, be it LF or CRLF. */
  static String withoutEnd(String line) {
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\n') {
      end--;
      if (end > 0 && line.charAt(end - 1) == '\r') {
        end--;
      }
    }
    return line.substring(0, end);
  }

  /** Whether most lines of the file end with CRLF. */
  static boolean endWithCrLf(List<String> lines) {
    long crLf = lines.stream().filter(line -> line.endsWith("\r\n")).count();
    return crLf * 2 > lines.size();
  }
}
