package dev.drover.agents.compliancechecker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An SPDX licence expression, with ids as SPDX spells them. */
sealed interface Expression {

  /** As SPDX writes it. */
  String text();

  /** Every licence in it once, with its exception, in order. */
  default List<String> licences() {
    return leaves(this).map(Expression::text).distinct().toList();
  }

  /** One of the parts may be chosen. */
  static Expression any(List<Expression> parts) {
    List<Expression> flat = new ArrayList<>();
    parts.forEach(part -> flat.addAll(part instanceof Any any ? any.parts() : List.of(part)));
    List<Expression> distinct = flat.stream().distinct().toList();
    return distinct.size() == 1 ? distinct.get(0) : new Any(distinct);
  }

  /** All of the parts apply. */
  static Expression all(List<Expression> parts) {
    List<Expression> flat = new ArrayList<>();
    parts.forEach(part -> flat.addAll(part instanceof All all ? all.parts() : List.of(part)));
    List<Expression> distinct = flat.stream().distinct().toList();
    return distinct.size() == 1 ? distinct.get(0) : new All(distinct);
  }

  private static Stream<Expression> leaves(Expression expression) {
    if (expression instanceof All all) {
      return all.parts().stream().flatMap(Expression::leaves);
    }
    if (expression instanceof Any any) {
      return any.parts().stream().flatMap(Expression::leaves);
    }
    return Stream.of(expression);
  }

  /**
   * One licence.
   *
   * @param orLater written with a plus: this version or, at one's choice, a later one
   */
  record Licence(String id, boolean orLater) implements Expression {
    @Override
    public String text() {
      return orLater ? id + "+" : id;
    }

    /** True for one that only the package's own files describe. */
    boolean isReference() {
      return id.startsWith("LicenseRef-") || id.startsWith("DocumentRef-");
    }
  }

  /** A licence with something more permitted than it permits alone. */
  record With(Licence licence, String exception) implements Expression {
    @Override
    public String text() {
      return licence.text() + " WITH " + exception;
    }
  }

  /** All apply: AND. */
  record All(List<Expression> parts) implements Expression {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public String text() {
      return parts.stream()
          .map(part -> part instanceof Any ? "(" + part.text() + ")" : part.text())
          .collect(Collectors.joining(" AND "));
    }
  }

  /** One may be chosen: OR. */
  record Any(List<Expression> parts) implements Expression {
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public String text() {
      return parts.stream().map(Expression::text).collect(Collectors.joining(" OR "));
    }
  }
}
