package dev.drover.agents.codereviewer;

import dev.drover.agents.codereviewer.FileDiff.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether tests keep up with the code: heuristics, of which the README has the exact words. */
final class TestChecks {
  private static final Pattern MODULE =
      Pattern.compile("(?:^|/)(?:src|lib|app|tests?|__tests__|specs?|e2e|it)/");
  private static final PathPatterns DECLARATIONS =
      PathPatterns.of(List.of("*.d.{ts,mts,cts}", "*.pyi", "{package,module}-info.java"));
  private static final Pattern NO_LOGIC =
      Pattern.compile("\\s*(?:import|package|from|using|#include|export \\{|@|[{}()\\[\\];,]*$).*");
  private static final Pattern TEST =
      Pattern.compile(
          "@Test\\b|@ParameterizedTest\\b|@Property\\b|^\\s*(?:async )?def test_|^func Test\\w"
              + "|^\\s*(?:it|test|specify)\\s*\\(|^@test ");
  private static final Pattern ASSERTION =
      Pattern.compile(
          "\\b(?:assert\\w*|verify|expect\\w*|should\\w*|fail)\\s*\\(|^\\s*assert |\\brequire\\.\\w+\\("
              + "|\\bt\\.(?:Error|Fatal)f?\\(");

  private final int leastCode;

  /**
   * @param leastCode how many lines of code may change before tests are asked for
   */
  TestChecks(int leastCode) {
    this.leastCode = leastCode;
  }

  List<ReviewComment> review(List<ChangedFile> files) {
    List<ReviewComment> comments = new ArrayList<>(missing(files));
    for (ChangedFile file : files) {
      if (file.isTest() && file.isWritten() && file.language().isCode()) {
        removed(file.diff(), comments);
      }
    }
    return comments;
  }

  private List<ReviewComment> missing(List<ChangedFile> files) {
    Map<String, List<ChangedFile>> modules = new TreeMap<>();
    List<String> tested = new ArrayList<>();
    for (ChangedFile file : files) {
      if (file.isTest()) {
        if (file.diff().change() != Change.DELETED) {
          tested.add(module(file.path()));
        }
      } else if (file.isWritten() && file.language().isCode()) {
        modules.computeIfAbsent(module(file.path()), m -> new ArrayList<>()).add(file);
      }
    }
    // Without a folder of sources nothing says where its tests lie: any will do.
    modules
        .keySet()
        .removeIf(module -> tested.contains(module) || (module.isEmpty() && !tested.isEmpty()));
    List<ReviewComment> comments = new ArrayList<>();
    modules.forEach(
        (module, changed) -> {
          long lines = changed.stream().mapToLong(TestChecks::logic).sum();
          if (lines >= leastCode) {
            ChangedFile most =
                changed.stream().max(Comparator.comparingLong(TestChecks::logic)).orElseThrow();
            comments.add(ReviewComment.of(missing(module, lines), most.path(), most.firstAdded()));
          }
        });
    return comments;
  }

  private static long logic(ChangedFile file) {
    if (DECLARATIONS.match(file.path())) {
      return 0;
    }
    return file.added()
        .map(CodeLine::bare)
        .filter(line -> !line.isBlank() && !NO_LOGIC.matcher(line).matches())
        .count();
  }

  /** What lies before the first folder of sources or tests. */
  static String module(String path) {
    var found = MODULE.matcher(path);
    return found.find() ? path.substring(0, found.start()) : "";
  }

  private static void removed(FileDiff file, List<ReviewComment> comments) {
    long tests = count(file.removed(), TEST) - count(file.added(), TEST);
    if (file.change() == Change.DELETED) {
      comments.add(
          ReviewComment.of(removed("test-removed", "a file of tests is deleted"), file.path(), 0));
      return;
    }
    if (tests > 0) {
      String message = tests + (tests == 1 ? " test is" : " tests are") + " removed";
      comments.add(ReviewComment.of(removed("test-removed", message), file.path(), 0));
      return;
    }
    long assertions = count(file.removed(), ASSERTION) - count(file.added(), ASSERTION);
    if (assertions > 0) {
      String message =
          assertions + (assertions == 1 ? " assertion is" : " assertions are") + " removed";
      comments.add(ReviewComment.of(removed("assertion-removed", message), file.path(), 0));
    }
  }

  private static long count(Stream<DiffLine> lines, Pattern pattern) {
    return lines.filter(line -> pattern.matcher(line.text()).find()).count();
  }

  private static Rule.Advice missing(String module, long lines) {
    String where = module.isEmpty() ? "" : " of " + module;
    return new Rule.Advice(
        "missing-tests",
        Severity.MEDIUM,
        lines + " lines of code" + where + " change, and no test does",
        "What no test looks at breaks unseen with the next change.",
        "Add a test that fails without this change.");
  }

  private static Rule.Advice removed(String id, String message) {
    return new Rule.Advice(
        id,
        Severity.MEDIUM,
        message,
        "A check that is gone can't fail; that is how regressions are hidden.",
        "Keep it, move it, or say in the change why what it checked no longer holds.");
  }
}
