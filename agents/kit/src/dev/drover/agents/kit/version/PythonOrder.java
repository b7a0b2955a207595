package dev.drover.agents.kit.version;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PEP 440: epochs, pre-releases, post-releases, development releases and local versions. */
final class PythonOrder implements VersionOrder {
  private static final Pattern FORM =
      Pattern.compile(
          "v?(?:(?<epoch>\\d{1,20})!)?(?<release>\\d{1,50}(?:\\.\\d{1,50}){0,20})"
              + "(?:[._-]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[._-]?(?<preNumber>\\d{0,20}))?"
              + "(?<post>-(?<implicit>\\d{1,20})|[._-]?(?:post|rev|r)[._-]?(?<postNumber>\\d{0,20}))?"
              + "(?<dev>[._-]?dev[._-]?(?<devNumber>\\d{0,20}))?"
              + "(?:\\+(?<local>[a-z0-9]{1,100}(?:[._-][a-z0-9]{1,100}){0,20}))?");

  @Override
  public boolean understands(String version) {
    return matcher(version).matches();
  }

  /** What is no version of Python's comes before all that are, in the order of its text. */
  @Override
  public int compare(String one, String other) {
    Matcher left = matcher(one);
    Matcher right = matcher(other);
    boolean leftFits = left.matches();
    boolean rightFits = right.matches();
    if (!leftFits || !rightFits) {
      return leftFits == rightFits ? one.compareTo(other) : Boolean.compare(leftFits, rightFits);
    }
    int difference = numbers(left.group("epoch"), right.group("epoch"));
    if (difference == 0) {
      difference = releases(left.group("release"), right.group("release"));
    }
    if (difference == 0) {
      difference = Integer.compare(stage(left), stage(right));
    }
    if (difference == 0) {
      difference = numbers(left.group("preNumber"), right.group("preNumber"));
    }
    if (difference == 0) {
      difference = suffixes(left, right);
    }
    return difference == 0 ? locals(left.group("local"), right.group("local")) : difference;
  }

  private static Matcher matcher(String version) {
    return FORM.matcher(version.strip().toLowerCase(Locale.ROOT));
  }

  private static int releases(String one, String other) {
    String[] left = one.split("\\.", -1);
    String[] right = other.split("\\.", -1);
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      int difference =
          numbers(i < left.length ? left[i] : null, i < right.length ? right[i] : null);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  /** A development release of the final one comes before its pre-releases. */
  private static int stage(Matcher version) {
    @Nullable String pre = version.group("pre");
    if (pre == null) {
      return version.group("dev") != null && version.group("post") == null ? 0 : 4;
    }
    return switch (pre) {
      case "a", "alpha" -> 1;
      case "b", "beta" -> 2;
      default -> 3; // c, rc, pre and preview are the same
    };
  }

  private static int suffixes(Matcher left, Matcher right) {
    int difference = Boolean.compare(left.group("post") != null, right.group("post") != null);
    if (difference == 0) {
      difference = numbers(postNumber(left), postNumber(right));
    }
    if (difference == 0) {
      difference = Boolean.compare(left.group("dev") == null, right.group("dev") == null);
    }
    return difference == 0
        ? numbers(left.group("devNumber"), right.group("devNumber"))
        : difference;
  }

  private static @Nullable String postNumber(Matcher version) {
    @Nullable String implicit = version.group("implicit");
    return implicit == null ? version.group("postNumber") : implicit;
  }

  private static int locals(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return Boolean.compare(one != null, other != null);
    }
    String[] left = one.split("[._-]", -1);
    String[] right = other.split("[._-]", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      boolean leftNumeric = left[i].chars().allMatch(Character::isDigit);
      boolean rightNumeric = right[i].chars().allMatch(Character::isDigit);
      int difference =
          leftNumeric != rightNumeric
              ? Boolean.compare(leftNumeric, rightNumeric)
              : leftNumeric ? numbers(left[i], right[i]) : left[i].compareTo(right[i]);
      if (difference != 0) {
        return difference;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int numbers(@Nullable String one, @Nullable String other) {
    return SemanticOrder.numbers(orZero(one), orZero(other));
  }

  private static String orZero(@Nullable String number) {
    return number == null || number.isEmpty() ? "0" : number;
  }
}
