package dev.drover.agents.securityscanner.dependency;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The base score of a CVSS 3.0 or 3.1 vector, by the equations of the specification. */
final class Cvss {
  private static final Map<String, Map<String, Double>> WEIGHTS =
      Map.of(
          "AV", Map.of("N", 0.85, "A", 0.62, "L", 0.55, "P", 0.2),
          "AC", Map.of("L", 0.77, "H", 0.44),
          "UI", Map.of("N", 0.85, "R", 0.62),
          "C", Map.of("H", 0.56, "L", 0.22, "N", 0.0),
          "I", Map.of("H", 0.56, "L", 0.22, "N", 0.0),
          "A", Map.of("H", 0.56, "L", 0.22, "N", 0.0));
  private static final Map<String, Double> PRIVILEGES = Map.of("N", 0.85, "L", 0.62, "H", 0.27);
  private static final Map<String, Double> PRIVILEGES_CHANGED =
      Map.of("N", 0.85, "L", 0.68, "H", 0.5);

  private final Map<String, String> metrics;

  private Cvss(Map<String, String> metrics) {
    this.metrics = metrics;
  }

  /** Empty if it is no such vector, or an incomplete one. */
  static OptionalDouble score(String vector) {
    if (!vector.startsWith("CVSS:3.")) {
      return OptionalDouble.empty();
    }
    Map<String, String> metrics = new HashMap<>();
    for (String part : vector.split("/", -1)) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        metrics.put(part.substring(0, colon), part.substring(colon + 1));
      }
    }
    Cvss cvss = new Cvss(metrics);
    return cvss.isComplete() ? OptionalDouble.of(cvss.base()) : OptionalDouble.empty();
  }

  /** The specification's words, in lower case; nothing at all counts as low. */
  static String rating(double score) {
    return score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : "low";
  }

  /** A database's word as one of ours; empty if it is none. */
  static String rating(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "CRITICAL" -> "critical";
      case "HIGH", "IMPORTANT" -> "high";
      case "MODERATE", "MEDIUM" -> "medium";
      case "LOW" -> "low";
      default -> "";
    };
  }

  private boolean isComplete() {
    for (Map.Entry<String, Map<String, Double>> each : WEIGHTS.entrySet()) {
      if (!each.getValue().containsKey(value(each.getKey()))) {
        return false;
      }
    }
    return PRIVILEGES.containsKey(value("PR")) && value("S").matches("[UC]");
  }

  private double base() {
    boolean changed = value("S").equals("C");
    double inner = 1 - (1 - weight("C")) * (1 - weight("I")) * (1 - weight("A"));
    double impact =
        changed ? 7.52 * (inner - 0.029) - 3.25 * Math.pow(inner - 0.02, 15) : 6.42 * inner;
    if (impact <= 0) {
      return 0;
    }
    double privileges = (changed ? PRIVILEGES_CHANGED : PRIVILEGES).getOrDefault(value("PR"), 0.0);
    double exploitability = 8.22 * weight("AV") * weight("AC") * privileges * weight("UI");
    return up(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10));
  }

  private double weight(String metric) {
    return WEIGHTS.getOrDefault(metric, Map.of()).getOrDefault(value(metric), 0.0);
  }

  private String value(String metric) {
    return metrics.getOrDefault(metric, "");
  }

  /** To the next tenth, with whole numbers, so that 4.02 does not come from 4.0000000001. */
  private static double up(double value) {
    long parts = Math.round(value * 100_000);
    return parts % 10_000 == 0 ? parts / 100_000.0 : (Math.floorDiv(parts, 10_000) + 1) / 10.0;
  }
}
