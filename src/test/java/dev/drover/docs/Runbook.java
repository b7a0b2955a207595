package dev.drover.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The runbook: its places, and what it tells people to type. */
record Runbook(String text) {
  static Runbook read() throws IOException {
    return new Runbook(Files.readString(Path.of("docs/runbook.md")));
  }

  /** The anchors of its headings, as GitHub makes them. */
  List<String> anchors() {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  /** The blocks of a language. */
  List<String> blocks(String language) {
    return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```")
        .matcher(text)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** A query a line. */
  List<String> promql() {
    return blocks("promql").stream().flatMap(String::lines).toList();
  }

  /** The statements of all blocks of SQL. */
  List<String> sql() {
    return blocks("sql").stream()
        .flatMap(block -> Arrays.stream(block.split(";")))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  /** The lines of the log that it tells of. */
  List<String> logged() {
    Stream<String> inSentences =
        Pattern.compile("n the log: (`[^`]+`(,\\s*`[^`]+`)*)")
            .matcher(text)
            .results()
            .flatMap(list -> quotes(list.group(1)));
    return Stream.concat(inSentences, column("in the log").stream()).toList();
  }

  /** What it quotes in a column of its tables. */
  List<String> column(String heading) {
    List<String> quoted = new ArrayList<>();
    int column = -1;
    boolean inTable = false;
    for (String line : text.lines().toList()) {
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      if (line.startsWith("|") && !inTable) {
        column = cells.indexOf(heading);
      } else if (line.startsWith("|") && column >= 0) {
        quotes(cells.get(column)).forEach(quoted::add);
      }
      inTable = line.startsWith("|");
    }
    return quoted;
  }

  private static Stream<String> quotes(String text) {
    return Pattern.compile("`([^`]+)`").matcher(text).results().map(quote -> quote.group(1));
  }
}
