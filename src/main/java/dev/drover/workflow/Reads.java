package dev.drover.workflow;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds what an expression reads. Its depth is that of the tree, which the parser bounds. */
final class Reads {
  private static final String INDEX = "_[_]";
  private static final String OPTIONAL_INDEX = "_[?_]";
  private static final String OPTIONAL_SELECT = "_?._";

  private final Map<Long, Integer> positions;
  private final List<Read> found = new ArrayList<>();

  private Reads(Map<Long, Integer> positions) {
    this.positions = positions;
  }

  /** Every read, in the order of the text. */
  static List<Read> of(CelAbstractSyntaxTree tree) {
    Reads reads = new Reads(tree.getSource().getPositionsMap());
    reads.walk(tree.getExpr(), Set.of());
    return reads.found;
  }

  /** The whole expression as one read, if it is nothing else, and nothing in it may be absent. */
  static Optional<Read> only(CelAbstractSyntaxTree tree) {
    CelExpr expr = tree.getExpr();
    for (Optional<Step> step = step(expr); step.isPresent(); step = step(expr)) {
      expr = step.get().operand();
    }
    List<Read> reads = of(tree);
    return expr.getKind() == CelExpr.ExprKind.Kind.IDENT && reads.size() == 1
        ? reads.stream().filter(Reads::isPlainPath).findFirst()
        : Optional.empty();
  }

  /** An item can be anything, and be read whole; the type of all other roots is known. */
  private static boolean isPlainPath(Read read) {
    boolean typed =
        read.root().equals(CelLanguage.INDEX)
            ? read.steps().isEmpty()
            : read.root().equals(CelLanguage.ITEM) || !read.steps().isEmpty();
    return typed && read.guardedFrom().isEmpty() && !read.dynamic();
  }

  /** One step of a path, from the outside in. */
  private record Step(
      CelExpr operand, Optional<Object> key, Optional<CelExpr> index, boolean mayBeAbsent) {}

  private void walk(CelExpr expr, Set<String> locals) {
    List<Step> outermostFirst = new ArrayList<>();
    CelExpr base = expr;
    for (Optional<Step> step = step(base); step.isPresent(); step = step(base)) {
      outermostFirst.add(step.get());
      step.get().index().ifPresent(index -> walk(index, locals));
      base = step.get().operand();
    }
    if (base.getKind() == CelExpr.ExprKind.Kind.IDENT) {
      String name = base.ident().name();
      if (CelLanguage.isRoot(name) && !locals.contains(name)) {
        found.add(read(name, base, outermostFirst));
      }
    } else {
      walkParts(base, locals);
    }
  }

  private Read read(String root, CelExpr ident, List<Step> outermostFirst) {
    List<Step> steps = new ArrayList<>(outermostFirst);
    Collections.reverse(steps);
    List<Object> keys = new ArrayList<>();
    OptionalInt guardedFrom = OptionalInt.empty();
    boolean dynamic = false;
    for (Step step : steps) {
      if (step.mayBeAbsent() && guardedFrom.isEmpty()) {
        guardedFrom = OptionalInt.of(keys.size());
      }
      if (step.key().isEmpty()) {
        dynamic = true;
        break;
      }
      keys.add(step.key().get());
    }
    return new Read(root, keys, dynamic, guardedFrom, positions.getOrDefault(ident.id(), 0));
  }

  private static Optional<Step> step(CelExpr expr) {
    if (expr.getKind() == CelExpr.ExprKind.Kind.SELECT) {
      CelExpr.CelSelect select = expr.select();
      return Optional.of(
          new Step(
              select.operand(), Optional.of(select.field()), Optional.empty(), select.testOnly()));
    }
    if (expr.getKind() != CelExpr.ExprKind.Kind.CALL || expr.call().args().size() != 2) {
      return Optional.empty();
    }
    CelCall call = expr.call();
    CelExpr operand = call.args().get(0);
    CelExpr index = call.args().get(1);
    return switch (call.function()) {
      case INDEX, OPTIONAL_INDEX, OPTIONAL_SELECT -> {
        Optional<Object> key = constant(index);
        yield Optional.of(
            new Step(
                operand,
                key,
                key.isPresent() ? Optional.empty() : Optional.of(index),
                !call.function().equals(INDEX)));
      }
      default -> Optional.empty();
    };
  }

  private static Optional<Object> constant(CelExpr expr) {
    if (expr.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
      return Optional.empty();
    }
    CelConstant constant = expr.constant();
    return switch (constant.getKind()) {
      case STRING_VALUE -> Optional.of(constant.stringValue());
      case INT64_VALUE -> Optional.of(constant.int64Value());
      default -> Optional.empty();
    };
  }

  private void walkParts(CelExpr expr, Set<String> locals) {
    switch (expr.getKind()) {
      case CALL -> {
        expr.call().target().ifPresent(target -> walk(target, locals));
        expr.call().args().forEach(argument -> walk(argument, locals));
      }
      case LIST -> expr.list().elements().forEach(element -> walk(element, locals));
      case MAP ->
          expr.map()
              .entries()
              .forEach(
                  entry -> {
                    walk(entry.key(), locals);
                    walk(entry.value(), locals);
                  });
      case STRUCT -> expr.struct().entries().forEach(entry -> walk(entry.value(), locals));
      case COMPREHENSION -> walkComprehension(expr.comprehension(), locals);
      default -> {}
    }
  }

  private void walkComprehension(CelComprehension loop, Set<String> locals) {
    walk(loop.iterRange(), locals);
    walk(loop.accuInit(), locals);
    Set<String> inner = new HashSet<>(locals);
    inner.add(loop.iterVar());
    inner.add(loop.iterVar2());
    inner.add(loop.accuVar());
    walk(loop.loopCondition(), inner);
    walk(loop.loopStep(), inner);
    walk(loop.result(), inner);
  }
}
