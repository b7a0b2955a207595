package dev.drover.workflow;

import dev.cel.checker.CelChecker;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks the types of one document's expressions. CEL's checker sets up all its declarations anew
 * for each expression, which costs far more than the check itself: so expressions that use nothing
 * but a few operators, as most do, are checked against those alone.
 */
final class TypeCheck {
  private static final int MAX_CHECKERS = 50;
  private static final String OPTIONAL_SYNTAX = "?";

  private final Map<Set<String>, CelChecker> checkers = new HashMap<>();

  CelValidationResult check(CelAbstractSyntaxTree parsed) {
    Set<String> functions =
        CelNavigableAst.fromAst(parsed)
            .getRoot()
            .allNodes()
            .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.CALL)
            .map(node -> node.expr().call().function())
            .collect(Collectors.toSet());
    boolean known = checkers.containsKey(functions) || checkers.size() < MAX_CHECKERS;
    return known && functions.stream().allMatch(TypeCheck::isOperator)
        ? checkers.computeIfAbsent(functions, CelLanguage::checkerFor).check(parsed)
        : CelLanguage.check(parsed);
  }

  private static boolean isOperator(String function) {
    return !Character.isLetter(function.charAt(0))
        && (!function.contains(OPTIONAL_SYNTAX) || function.equals("_?_:_"));
  }
}
