package dev.drover.agents.codereviewer;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Applies the rules to the lines that a change adds. */
final class LineRules {
  /** Of a longer line, such as of a packed script, only the beginning is looked at. */
  private static final int MOST_CHARACTERS = 2000;

  private final List<Rule> rules;

  LineRules(List<Rule> rules) {
    this.rules = rules;
  }

  List<ReviewComment> review(String path, List<List<CodeLine>> hunks) {
    List<Rule> here = rules.stream().filter(rule -> rule.scope().covers(path)).toList();
    List<ReviewComment> comments = new ArrayList<>();
    for (List<CodeLine> hunk : hunks) {
      Hunk texts = new Hunk(hunk);
      for (Rule rule : here) {
        List<Integer> found = texts.find(rule.form());
        // Looked for once in a hunk, however many lines match.
        if (!found.isEmpty() && !texts.excuses(rule.form())) {
          found.forEach(line -> comments.add(ReviewComment.of(rule.advice(), path, line)));
        }
      }
    }
    return comments;
  }

  /** The lines of one hunk, joined as rules want to see them. */
  private record Hunk(List<CodeLine> lines) {

    /** The numbers of the added lines that match. */
    List<Integer> find(Rule.Form form) {
      List<Integer> found = new ArrayList<>();
      for (int at = 0; at < lines.size(); at++) {
        if (lines.get(at).added() && matches(form, at)) {
          found.add(lines.get(at).number());
        }
      }
      return found;
    }

    /** Whether something near says that it is well. */
    boolean excuses(Rule.Form form) {
      return form.near().isPresent() && form.near().get().matcher(whole()).find();
    }

    private boolean matches(Rule.Form form, int at) {
      String text = window(form.view(), at, form.lines());
      if (!form.words().isEmpty() && !holdsOne(text.toLowerCase(Locale.ROOT), form.words())) {
        return false;
      }
      int first = Math.min(lines.get(at).raw().length(), MOST_CHARACTERS);
      Matcher matcher = form.pattern().matcher(text);
      if (!matcher.find() || matcher.start() > first) {
        return false;
      }
      int end = Math.max(matcher.end(), first);
      String seen = window(CodeLine.View.RAW, at, form.lines()).substring(0, end);
      return form.unless().stream().noneMatch(unless -> unless.matcher(seen).find());
    }

    private static boolean holdsOne(String text, Set<String> words) {
      return words.stream().anyMatch(text::contains);
    }

    private String window(CodeLine.View view, int at, int count) {
      if (count == 1) {
        return cut(lines.get(at).view(view));
      }
      return lines.subList(at, Math.min(lines.size(), at + count)).stream()
          .map(line -> cut(line.view(view)))
          .collect(Collectors.joining("\n"));
    }

    private String whole() {
      return lines.stream().map(line -> cut(line.raw())).collect(Collectors.joining("\n"));
    }

    private static String cut(String text) {
      return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS);
    }
  }
}
