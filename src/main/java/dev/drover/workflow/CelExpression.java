package dev.drover.workflow;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.drover.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expression planned once, evaluated often, by any number of threads.
 *
 * @param path where it stands in its document
 * @param reads the data that it reads, to say what is missing when it fails
 */
record CelExpression(String path, String source, CelRuntime.Program program, List<Read> reads)
    implements Expression {
  private static final Pattern CEL_PREFIX =
      Pattern.compile("^evaluation error( at [^:]*:\\d+)?: (Function '[^']*' failed with .*)?");

  private static final Pattern CANDIDATES = Pattern.compile("\\. Overload candidates: .*");

  CelExpression {
    reads = List.copyOf(reads);
  }

  @Override
  public @Nullable Object evaluate(Scope scope) throws ExpressionFailure {
    Budget budget = new Budget(Budget.MAX_TIME);
    try {
      Object result = PlainValue.of(program.trace(scope::variable, budget));
      if (Json.isTooDeep(result)) {
        throw new ExpressionFailure(
            "the result is nested deeper than " + Json.MAX_DEPTH + " levels");
      }
      return result;
    } catch (CelEvaluationException e) {
      throw Failures.of(path, budget.exceeded().orElseGet(() -> reason(e, scope)), source, e);
    } catch (ExpressionFailure e) {
      throw Failures.of(path, String.valueOf(e.getMessage()), source, e);
    }
  }

  private String reason(CelEvaluationException e, Scope scope) {
    String cel = String.valueOf(e.getMessage());
    if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND
        || e.getErrorCode() == CelErrorCode.INDEX_OUT_OF_BOUNDS) {
      Optional<String> missing = new MissingData(scope).explain(reads, cel);
      if (missing.isPresent()) {
        return missing.get();
      }
    }
    String message = CANDIDATES.matcher(CEL_PREFIX.matcher(cel).replaceFirst("")).replaceFirst("");
    return switch (e.getErrorCode()) {
      case DIVIDE_BY_ZERO -> "division by zero";
      case OVERLOAD_NOT_FOUND -> message + " (operators and functions take values of one type)";
      default -> message.isBlank() ? "evaluation failed" : message;
    };
  }
}
