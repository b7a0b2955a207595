package dev.drover.workflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An expression that is nothing but a path, such as {@code nodes.scan.output.total}: the kind that
 * most workflows have most of. It means what it means in CEL, but needs neither its checker nor its
 * runtime.
 */
record PathExpression(String path, String source, Read read) implements Expression {
  @Override
  public @Nullable Object evaluate(Scope scope) throws ExpressionFailure {
    Object value = scope.plain(read.root());
    for (Object step : read.steps()) {
      if (value instanceof Map<?, ?> map && step instanceof String && map.containsKey(step)) {
        value = map.get(step);
      } else if (value instanceof List<?> list
          && step instanceof Long index
          && index >= 0
          && index < list.size()) {
        value = list.get(index.intValue());
      } else {
        Optional<String> missing = new MissingData(scope).explain(List.of(read), "");
        throw Failures.of(path, missing.orElse("data is missing"), source);
      }
    }
    return value;
  }
}
