package dev.drover.agents.compliancechecker;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the policy strictly: a licence that is misspelt there would never match anything. */
final class PolicyReader {
  private static final Set<String> MEMBERS = Set.of("allow", "deny", "unknown", "exceptions");
  private static final Set<String> EXCEPTION_MEMBERS = Set.of("package", "licences", "reason");
  private static final int MOST = 500;

  private final LicenceTable table;

  PolicyReader(LicenceTable table) {
    this.table = table;
  }

  Policy read(InputObject policy) throws BadInput {
    policy.allowOnly(MEMBERS, "policy");
    List<Waiver> exceptions = new ArrayList<>();
    for (InputObject exception : bounded(policy.members("exceptions"), "policy.exceptions")) {
      exception.allowOnly(EXCEPTION_MEMBERS, "an exception");
      exceptions.add(
          new Waiver(
              exception.text("package"),
              licences(exception.texts("licences"), "policy.exceptions licences", false),
              exception.text("reason")));
    }
    return new Policy(
        licences(policy.texts("allow"), "policy.allow", true),
        licences(policy.texts("deny"), "policy.deny", true),
        unknown(policy.optionalText("unknown").orElse(Policy.Unknown.WARN.word())),
        exceptions);
  }

  private List<String> licences(List<String> given, String where, boolean patterns)
      throws BadInput {
    List<String> licences = new ArrayList<>();
    for (String one : bounded(given, where)) {
      String at = where + "[" + licences.size() + "]";
      licences.add(patterns && one.endsWith("*") ? pattern(one, at) : licence(one, at));
    }
    return licences;
  }

  private String pattern(String given, String where) throws BadInput {
    String start = given.substring(0, given.length() - 1);
    boolean names =
        start.startsWith("LicenseRef-")
            || table.parser().ids().all().stream().anyMatch(id -> id.startsWith(start));
    if (!names) {
      throw new BadInput(where + ": no SPDX id begins like " + shown(given));
    }
    return given;
  }

  private String licence(String given, String where) throws BadInput {
    try {
      Expression expression = table.parser().parse(given);
      if (expression instanceof Expression.Licence || expression instanceof Expression.With) {
        return expression.text();
      }
    } catch (NoExpression e) {
      Optional<Expression> meant = table.named(given);
      String hint = meant.map(m -> "; write " + m.text()).orElse("; see https://spdx.org/licenses");
      throw new BadInput(where + ": " + shown(given) + " is no SPDX id" + hint);
    }
    throw new BadInput(where + ": " + shown(given) + " must be one licence, not an expression");
  }

  private static Policy.Unknown unknown(String word) throws BadInput {
    for (Policy.Unknown unknown : Policy.Unknown.values()) {
      if (unknown.word().equals(word)) {
        return unknown;
      }
    }
    throw new BadInput("policy.unknown must be one of deny, warn, allow");
  }

  private static <T> List<T> bounded(List<T> given, String where) throws BadInput {
    if (given.size() > MOST) {
      throw new BadInput(where + " must hold at most " + MOST + " entries");
    }
    return given;
  }

  private static String shown(String text) {
    return "\"" + PlainText.cut(PlainText.oneLine(text), 60) + "\"";
  }
}
