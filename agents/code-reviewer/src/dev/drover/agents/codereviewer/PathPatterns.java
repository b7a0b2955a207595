package dev.drover.agents.codereviewer;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of paths: one without a slash is for the file's name, wherever it lies; {@code *} stands
 * for anything but a slash and {@code **} for anything.
 */
final class PathPatterns {
  static final PathPatterns NONE = new PathPatterns(List.of(), List.of());

  private final List<PathMatcher> names;
  private final List<PathMatcher> paths;

  private PathPatterns(List<PathMatcher> names, List<PathMatcher> paths) {
    this.names = names;
    this.paths = paths;
  }

  /**
   * @throws IllegalArgumentException if one can't be read
   */
  static PathPatterns of(List<String> patterns) {
    List<PathMatcher> names = new ArrayList<>();
    List<PathMatcher> paths = new ArrayList<>();
    for (String pattern : patterns) {
      if (pattern.contains("/")) {
        paths.add(matcher(pattern));
        if (pattern.startsWith("**/")) {
          paths.add(matcher(pattern.substring(3))); // which may lie at the top as well
        }
      } else {
        names.add(matcher(pattern));
      }
    }
    return new PathPatterns(names, paths);
  }

  private static PathMatcher matcher(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  boolean isEmpty() {
    return names.isEmpty() && paths.isEmpty();
  }

  boolean match(String path) {
    try {
      Path whole = Path.of(path);
      Path name = whole.getFileName();
      return (name != null && names.stream().anyMatch(matcher -> matcher.matches(name)))
          || paths.stream().anyMatch(matcher -> matcher.matches(whole));
    } catch (InvalidPathException e) {
      return false; // no path of this system, so none that a pattern means
    }
  }
}
