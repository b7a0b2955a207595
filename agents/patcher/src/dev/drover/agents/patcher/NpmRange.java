package dev.drover.agents.patcher;

import dev.drover.agents.kit.version.VersionOrder;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of one version and an operator, which is what package.json files mostly have. */
record NpmRange(String operator, String version) {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\^|~|>=|=|)( ?)(v?\\d{1,20}\\.\\d{1,20}\\.\\d{1,20}(?:[-+][0-9A-Za-z.+-]+)?)");

  /** Empty for anything else: several versions, tags, addresses, aliases, workspaces. */
  static Optional<NpmRange> of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new NpmRange(matcher.group(1) + matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  NpmRange with(String other) {
    return new NpmRange(operator, other);
  }

  String text() {
    return operator + version;
  }

  /** As npm decides it; a pre-release only satisfies itself, which is stricter in rare cases. */
  boolean admits(String candidate) {
    VersionOrder order = VersionOrder.SEMANTIC;
    int difference = order.compare(candidate, version);
    if (difference == 0) {
      return true;
    }
    if (difference < 0 || candidate.contains("-")) {
      return false;
    }
    return switch (operator.strip()) {
      case ">=" -> true;
      case "^" -> samePart(candidate, caretParts());
      case "~" -> samePart(candidate, 2);
      default -> false;
    };
  }

  /** How many parts may not change: those up to the first that is not zero. */
  private int caretParts() {
    String[] parts = parts(version);
    int count = 1;
    while (count < 3 && parts[count - 1].equals("0")) {
      count++;
    }
    return count;
  }

  private boolean samePart(String candidate, int count) {
    String[] mine = parts(version);
    String[] theirs = parts(candidate);
    for (int i = 0; i < count; i++) {
      if (i >= theirs.length || !mine[i].equals(theirs[i])) {
        return false;
      }
    }
    return true;
  }

  private static String[] parts(String version) {
    String plain = version.startsWith("v") ? version.substring(1) : version;
    return plain.split("[-+]", 2)[0].split("\\.", -1);
  }
}
