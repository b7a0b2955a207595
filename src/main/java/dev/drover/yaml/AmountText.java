package dev.drover.yaml;

import dev.drover.yaml.YamlValue.YamlScalar;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Amounts of money as our documents have them: plain numbers in the operator's own currency. They
 * are taken from the text and not from the number that YAML makes of it, which is binary: a tenth
 * is a tenth.
 */
public final class AmountText {
  /** What is allowed, in words. */
  public static final String RULE =
      "a number from 0 to 1000000 with at most 9 decimals, such as 0.002";

  /** The largest amount. */
  public static final BigDecimal LARGEST = BigDecimal.valueOf(1_000_000);

  private static final int DECIMALS = 9;

  private AmountText() {}

  /** The amount, if the value keeps the {@link #RULE}. */
  public static Optional<BigDecimal> parse(YamlValue value) {
    return value instanceof YamlScalar scalar && scalar.value() instanceof Number
        ? Optional.of(new BigDecimal(scalar.raw())).filter(AmountText::isAmount)
        : Optional.empty();
  }

  private static boolean isAmount(BigDecimal amount) {
    return amount.signum() >= 0
        && amount.compareTo(LARGEST) <= 0
        && amount.stripTrailingZeros().scale() <= DECIMALS;
  }
}
