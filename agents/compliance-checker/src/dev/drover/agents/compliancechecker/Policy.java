package dev.drover.agents.compliancechecker;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which licences are allowed. What {@code deny} names is denied even if {@code allow} names it too;
 * an empty {@code allow} allows all that is not denied.
 */
record Policy(List<String> allow, List<String> deny, Unknown unknown, List<Waiver> exceptions) {

  /** What becomes of components whose licence nobody knows. */
  enum Unknown {
    DENY,
    WARN,
    ALLOW;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern VERSIONED =
      Pattern.compile("(.+?)-([0-9]+(?:\\.[0-9]+)*)(-only|-or-later)?");

  Policy {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    exceptions = List.copyOf(exceptions);
  }

  /** Says what becomes of a component with such a licence. */
  Verdict judge(Component component, Resolution resolution) {
    Verdict verdict =
        resolution
            .expression()
            .map(this::judge)
            .orElseGet(() -> new Verdict(Verdict.Kind.UNKNOWN, resolution.doubt()));
    if (!verdict.isFinding()) {
      return verdict;
    }
    return waiver(component, resolution)
        .map(waiver -> new Verdict(Verdict.Kind.EXCEPTED, waiver.reason()))
        .orElse(verdict);
  }

  /** The exception that is for this component, if there is one. */
  Optional<Waiver> waiver(Component component, Resolution resolution) {
    return exceptions.stream().filter(waiver -> waiver.isFor(component, resolution)).findFirst();
  }

  /** Whether such a finding makes the whole not compliant. */
  boolean violates(Verdict verdict) {
    return switch (verdict.kind()) {
      case ALLOWED, EXCEPTED -> false;
      case UNKNOWN -> unknown == Unknown.DENY;
      case NOT_ALLOWED, DENIED -> true;
    };
  }

  private Verdict judge(Expression expression) {
    if (expression instanceof Expression.All all) {
      return all.parts().stream()
          .map(this::judge)
          .max(Comparator.comparing(Verdict::kind))
          .orElseThrow();
    }
    if (expression instanceof Expression.Any any) {
      return any.parts().stream()
          .map(this::judge)
          .min(Comparator.comparing(Verdict::kind))
          .map(best -> best.isFinding() ? ofNone(any, best) : best)
          .orElseThrow();
    }
    if (expression instanceof Expression.With with) {
      return judge(with);
    }
    return judge((Expression.Licence) expression);
  }

  private static Verdict ofNone(Expression.Any any, Verdict best) {
    return new Verdict(
        best.kind(), "none of the choices in " + any.text() + " is allowed: " + best.reason());
  }

  /** An exception only adds permissions, so what holds without it holds with it. */
  private Verdict judge(Expression.With with) {
    if (names(deny, with.text())) {
      return denied(with.text());
    }
    if (names(allow, with.text())) {
      return new Verdict(Verdict.Kind.ALLOWED, "");
    }
    Verdict bare = judge(with.licence());
    return bare.isFinding()
        ? new Verdict(
            bare.kind(), bare.reason() + ", and " + with.text() + " is not allowed itself")
        : bare;
  }

  private Verdict judge(Expression.Licence licence) {
    String text = licence.text();
    if (matches(deny, text)) {
      return denied(text);
    }
    if (matches(allow, text) || allow.stream().anyMatch(allowed -> isLater(licence, allowed))) {
      return new Verdict(Verdict.Kind.ALLOWED, "");
    }
    if (licence.isReference()) {
      return new Verdict(
          Verdict.Kind.UNKNOWN, text + " is a licence of its own that the policy does not name");
    }
    return allow.isEmpty()
        ? new Verdict(Verdict.Kind.ALLOWED, "")
        : new Verdict(Verdict.Kind.NOT_ALLOWED, text + " is not among the allowed licences");
  }

  private static Verdict denied(String text) {
    return new Verdict(Verdict.Kind.DENIED, text + " is denied by the policy");
  }

  /** "This version or a later one" is a choice, so an allowed version among these is enough. */
  private static boolean isLater(Expression.Licence licence, String allowed) {
    Matcher has = VERSIONED.matcher(licence.id());
    Matcher may = VERSIONED.matcher(allowed);
    if (!has.matches() || !may.matches() || !has.group(1).equals(may.group(1))) {
      return false;
    }
    boolean open = licence.orLater() || "-or-later".equals(has.group(3));
    return open && compare(has.group(2), may.group(2)) <= 0;
  }

  private static int compare(String one, String other) {
    String[] left = one.split("\\.", -1);
    String[] right = other.split("\\.", -1);
    for (int at = 0; at < Math.max(left.length, right.length); at++) {
      long difference = number(left, at) - number(right, at);
      if (difference != 0) {
        return Long.signum(difference);
      }
    }
    return 0;
  }

  private static long number(String[] parts, int at) {
    return at < parts.length && parts[at].length() < 10 ? Long.parseLong(parts[at]) : 0;
  }

  private static boolean matches(List<String> entries, String text) {
    return names(entries, text)
        || entries.stream()
            .anyMatch(
                entry ->
                    entry.endsWith("*") && text.startsWith(entry.substring(0, entry.length() - 1)));
  }

  private static boolean names(List<String> entries, String text) {
    return entries.contains(text);
  }
}
