package dev.drover.workflow;

import dev.drover.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of templates. */
final class TemplateParts {
  private static final double LARGEST_PLAIN = 1e18;

  private TemplateParts() {}

  /** Has no expression in it. */
  record Literal(@Nullable Object value) implements Template {
    @Override
    public @Nullable Object evaluate(Scope scope) {
      return value;
    }
  }

  /** A string that is one expression: its value keeps its type. */
  record Whole(Expression expression) implements Template {
    @Override
    public @Nullable Object evaluate(Scope scope) throws ExpressionFailure {
      return expression.evaluate(scope);
    }
  }

  /** A string with expressions in it; the parts are Strings and Expressions. */
  record Text(String path, List<Object> parts) implements Template {
    Text {
      parts = List.copyOf(parts);
    }

    @Override
    public String evaluate(Scope scope) throws ExpressionFailure {
      StringBuilder text = new StringBuilder();
      for (Object part : parts) {
        if (part instanceof Expression expression) {
          text.append(print(expression.evaluate(scope), expression));
        } else {
          text.append(part);
        }
      }
      return text.toString();
    }

    private String print(@Nullable Object value, Expression expression) throws ExpressionFailure {
      if (value == null) {
        throw Failures.of(
            path, "the value is null, which can't be put into a text", expression.source());
      } else if (value instanceof Map || value instanceof List) {
        return Json.print(value);
      }
      return value instanceof Double number ? plain(number) : String.valueOf(value);
    }

    /** 1e9 in a text is 1000000000, and never 1.0E9. */
    private static String plain(double number) {
      return Math.abs(number) < LARGEST_PLAIN
          ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
          : Double.toString(number);
    }
  }

  /** A list with templates in it. */
  record Items(List<Template> items) implements Template {
    Items {
      items = List.copyOf(items);
    }

    @Override
    public List<Object> evaluate(Scope scope) throws ExpressionFailure {
      List<Object> values = new ArrayList<>(items.size());
      for (Template item : items) {
        values.add(item.evaluate(scope));
      }
      return values;
    }
  }

  /** A map with templates in it; its keys are as they stand. */
  record Fields(Map<String, Template> fields) implements Template {
    @Override
    public Map<String, Object> evaluate(Scope scope) throws ExpressionFailure {
      Map<String, Object> values = new LinkedHashMap<>();
      for (Map.Entry<String, Template> field : fields.entrySet()) {
        values.put(field.getKey(), field.getValue().evaluate(scope));
      }
      return values;
    }
  }

  /** A structure that must not become deeper by its expressions than JSON can be read again. */
  record Bounded(String path, Template template) implements Template {
    @Override
    public @Nullable Object evaluate(Scope scope) throws ExpressionFailure {
      Object value = template.evaluate(scope);
      if (Json.isTooDeep(value)) {
        throw new ExpressionFailure(
            path + ": the value is nested deeper than " + Json.MAX_DEPTH + " levels");
      }
      return value;
    }
  }
}
