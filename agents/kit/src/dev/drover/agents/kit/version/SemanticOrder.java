package dev.drover.agents.kit.version;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Semantic Versioning 2.0.0, with a leading {@code v} and with missing parts, which are zero. Go's
 * pseudo-versions are pre-releases by form, so they need no rule of their own.
 */
final class SemanticOrder implements VersionOrder {
  private static final Pattern FORM =
      Pattern.compile(
          "[vV=]?(\\d{1,50})(?:\\.(\\d{1,50}))?(?:\\.(\\d{1,50}))?"
              + "(?:-([0-9A-Za-z.-]{1,200}))?(?:\\+[0-9A-Za-z.-]{0,200})?");
  private static final int PARTS = 3;
  private static final int PRERELEASE = 4;

  @Override
  public boolean understands(String version) {
    return FORM.matcher(version).matches();
  }

  /** What is no semantic version comes before all that are, in the order of its text. */
  @Override
  public int compare(String one, String other) {
    Matcher left = FORM.matcher(one);
    Matcher right = FORM.matcher(other);
    boolean leftFits = left.matches();
    boolean rightFits = right.matches();
    if (!leftFits || !rightFits) {
      return leftFits == rightFits ? one.compareTo(other) : Boolean.compare(leftFits, rightFits);
    }
    for (int part = 1; part <= PARTS; part++) {
      int difference = numbers(orZero(left.group(part)), orZero(right.group(part)));
      if (difference != 0) {
        return difference;
      }
    }
    return prereleases(left.group(PRERELEASE), right.group(PRERELEASE));
  }

  private static int prereleases(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      // Without is the release itself, which comes last.
      return Boolean.compare(one == null, other == null);
    }
    String[] left = one.split("\\.", -1);
    String[] right = other.split("\\.", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int difference = identifiers(left[i], right[i]);
      if (difference != 0) {
        return difference;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int identifiers(String one, String other) {
    boolean leftNumeric = numeric(one);
    boolean rightNumeric = numeric(other);
    if (leftNumeric && rightNumeric) {
      return numbers(one, other);
    }
    return leftNumeric == rightNumeric
        ? one.compareTo(other)
        : Boolean.compare(rightNumeric, leftNumeric);
  }

  private static String orZero(@Nullable String number) {
    return number == null ? "0" : number;
  }

  private static boolean numeric(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Of any length: no build number is too large. */
  static int numbers(String one, String other) {
    String left = withoutZeros(one);
    String right = withoutZeros(other);
    return left.length() == right.length()
        ? left.compareTo(right)
        : Integer.compare(left.length(), right.length());
  }

  private static String withoutZeros(String number) {
    int at = 0;
    while (at < number.length() - 1 && number.charAt(at) == '0') {
      at++;
    }
    return number.substring(at);
  }
}
