package dev.drover.workflow;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Ends an evaluation that takes too long or builds too much: CEL bounds the rounds of loops, but
 * not what one round costs, and the data may come from outside.
 */
@SuppressWarnings("Immutable") // serves one evaluation in one thread
final class Budget implements CelEvaluationListener {
  /** How long one evaluation may take. */
  static final Duration MAX_TIME = Duration.ofSeconds(2);

  /** Characters of strings, and items of lists and maps, that functions may give in all. */
  static final long MAX_BUILT = 16L << 20;

  private static final int STEPS_BETWEEN_LOOKS = 256;

  private final Duration time;
  private final long start = System.nanoTime();
  private long built;
  private int steps;
  private Optional<String> exceeded = Optional.empty();

  Budget(Duration time) {
    this.time = time;
  }

  /** Signals CEL to stop. */
  private static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public void callback(CelExpr expr, Object result) {
    if (exceeded.isEmpty()) {
      if (expr.getKind() == CelExpr.ExprKind.Kind.CALL) {
        built += size(result);
      }
      if (built > MAX_BUILT) {
        exceeded = Optional.of("it builds more than " + MAX_BUILT + " characters and items");
      } else if (++steps % STEPS_BETWEEN_LOOKS == 0 && System.nanoTime() - start > time.toNanos()) {
        exceeded = Optional.of("it takes longer than " + time.toMillis() + " ms");
      }
    }
    if (exceeded.isPresent()) {
      throw new Exceeded(exceeded.get());
    }
  }

  /** Why the evaluation was ended, if it was. */
  Optional<String> exceeded() {
    return exceeded;
  }

  private static int size(Object result) {
    if (result instanceof String text) {
      return text.length();
    } else if (result instanceof Collection<?> list) {
      return list.size();
    }
    return result instanceof Map<?, ?> map ? map.size() : 0;
  }
}
