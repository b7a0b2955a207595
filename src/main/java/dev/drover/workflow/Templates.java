package dev.drover.workflow;

import dev.drover.workflow.TemplateParts.Bounded;
import dev.drover.workflow.TemplateParts.Fields;
import dev.drover.workflow.TemplateParts.Items;
import dev.drover.workflow.TemplateParts.Literal;
import dev.drover.workflow.TemplateParts.Text;
import dev.drover.workflow.TemplateParts.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be told of a template without evaluating it. */
public final class Templates {
  private Templates() {}

  /** As its author wrote it: plain JSON, in whose strings the expressions stand. */
  public static @Nullable Object source(Template template) {
    if (template instanceof Literal literal) {
      return literal.value();
    } else if (template instanceof Whole whole) {
      return written(whole.expression());
    } else if (template instanceof Text text) {
      StringBuilder all = new StringBuilder();
      text.parts().forEach(part -> all.append(part instanceof Expression e ? written(e) : part));
      return all.toString();
    } else if (template instanceof Items list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.items().forEach(item -> items.add(source(item)));
      return items;
    } else if (template instanceof Fields map) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      map.fields().forEach((key, field) -> fields.put(key, source(field)));
      return fields;
    }
    return template instanceof Bounded bounded ? source(bounded.template()) : null;
  }

  private static String written(Expression expression) {
    return "${{ " + expression.source() + " }}";
  }

  /** Every expression in it. */
  static List<Expression> expressions(Template template) {
    List<Expression> found = new ArrayList<>();
    collect(template, found);
    return found;
  }

  private static void collect(Template template, List<Expression> found) {
    if (template instanceof Whole whole) {
      found.add(whole.expression());
    } else if (template instanceof Text text) {
      text.parts().stream()
          .filter(Expression.class::isInstance)
          .map(Expression.class::cast)
          .forEach(found::add);
    } else if (template instanceof Items list) {
      list.items().forEach(item -> collect(item, found));
    } else if (template instanceof Fields map) {
      map.fields().values().forEach(field -> collect(field, found));
    } else if (template instanceof Bounded bounded) {
      collect(bounded.template(), found);
    }
  }
}
