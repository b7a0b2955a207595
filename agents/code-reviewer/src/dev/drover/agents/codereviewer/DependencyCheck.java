package dev.drover.agents.codereviewer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds dependencies that a change adds; one whose version changes is none. */
final class DependencyCheck {
  private static final Map<Pattern, Pattern> MANIFESTS =
      Map.of(
          name("pom\\.xml"), Pattern.compile("<artifactId>\\s*([\\w.-]{1,100})\\s*</artifactId>"),
          name("package\\.json"),
              Pattern.compile(
                  "^\\s*\"((?:@[\\w.-]{1,100}/)?[\\w.-]{1,100})\"\\s*:\\s*\"(?:[\\^~<>=v]*\\s?\\d|\\*|latest|npm:|git[+:@]|github:|https?:|workspace:|file:)"),
          name("requirements[\\w.-]*\\.txt"),
              Pattern.compile(
                  "^\\s*([A-Za-z0-9][\\w.-]{0,100})\\s*(?:\\[[^\\]]{0,100}\\]\\s*)?(?:$|[=<>~!@;])"),
          name("go\\.mod"),
              Pattern.compile(
                  "^\\s*(?:require\\s+)?([\\w.-]{1,100}\\.[a-z]{1,20}/[\\w./-]{1,200})\\s+v\\d"),
          name("(?:build\\.gradle(?:\\.kts)?|[\\w-]+\\.gradle)"),
              Pattern.compile(
                  "^\\s*(?:api|implementation|compileOnly|runtimeOnly|annotationProcessor|kapt|test\\w+)\\s*\\(?\\s*[\"']([\\w.-]{1,100}:[\\w.-]{1,100})"),
          name("Cargo\\.toml"),
              Pattern.compile("^\\s*([\\w-]{1,100})\\s*=\\s*(?:\"[\\^~=]?\\d|\\{.*version)"),
          name("Gemfile"), Pattern.compile("^\\s*gem\\s+[\"']([\\w-]{1,100})[\"']"));

  /** In package.json the same form as a dependency's. */
  private static final Set<String> NO_PACKAGE = Set.of("version", "node", "npm", "yarn", "pnpm");

  private DependencyCheck() {}

  private static Pattern name(String regex) {
    return Pattern.compile(regex);
  }

  static List<ReviewComment> review(ChangedFile file) {
    if (file.diff().change() == FileDiff.Change.ADDED) {
      return List.of(); // a whole project is new: nothing stands out
    }
    for (Map.Entry<Pattern, Pattern> manifest : MANIFESTS.entrySet()) {
      if (manifest.getKey().matcher(file.diff().name()).matches()) {
        return review(file.diff(), manifest.getValue());
      }
    }
    return List.of();
  }

  private static List<ReviewComment> review(FileDiff file, Pattern form) {
    Set<String> before = new HashSet<>(NO_PACKAGE);
    file.removed().forEach(line -> find(form, line).forEach(before::add));
    Map<String, Integer> added = new HashMap<>();
    file.added()
        .forEach(
            line -> find(form, line).forEach(name -> added.merge(name, line.line(), Math::min)));
    added.keySet().removeAll(before);
    List<ReviewComment> comments = new ArrayList<>();
    added.forEach((name, line) -> comments.add(ReviewComment.of(advice(name), file.path(), line)));
    return comments;
  }

  private static List<String> find(Pattern form, DiffLine line) {
    Matcher matcher = form.matcher(line.text());
    return matcher.find() ? List.of(matcher.group(1)) : List.of();
  }

  private static Rule.Advice advice(String name) {
    return new Rule.Advice(
        "dependency-added",
        Severity.LOW,
        "the dependency " + name + " is added",
        "Its code, licence, vulnerabilities and maintainers become yours.",
        "Check that it is the package that is meant, who maintains it, its licence, and whether it is needed.");
  }
}
