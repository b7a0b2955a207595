package dev.drover.workflow;

import dev.drover.yaml.AmountText;
import dev.drover.yaml.YamlValue;
import java.math.BigDecimal;
import java.util.Optional;

/** Reads what a workflow may spend. */
final class SpendingLimitReader {
  private final Problems problems;

  SpendingLimitReader(Problems problems) {
    this.problems = problems;
  }

  Optional<SpendingLimit> read(DocumentMap workflow) {
    String path = workflow.path("budget");
    return workflow
        .get("budget")
        .flatMap(value -> DocumentMap.of(problems, Grammar.BUDGET, value, path))
        .map(this::limit);
  }

  private SpendingLimit limit(DocumentMap map) {
    if (map.get("perRun").isEmpty() && map.get("perDay").isEmpty()) {
      problems.report(
          map.position(), map.path(), "a budget must have \"perRun\", \"perDay\" or both");
    }
    return new SpendingLimit(amount(map, "perRun"), amount(map, "perDay"));
  }

  private Optional<BigDecimal> amount(DocumentMap map, String key) {
    YamlValue value = map.get(key).orElse(null);
    if (value == null) {
      return Optional.empty();
    }
    Optional<BigDecimal> amount = AmountText.parse(value);
    if (amount.isEmpty()) {
      problems.report(value.position(), map.path(key), "not an amount", AmountText.RULE);
    } else if (amount.get().signum() == 0) {
      problems.report(
          value.position(),
          map.path(key),
          "must be above zero",
          "to let a workflow do nothing, pause it");
    }
    return amount;
  }
}
