package dev.drover.agent;

import dev.drover.yaml.AmountText;
import dev.drover.yaml.DurationText;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.Entry;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a manifest, read field by field with the type that is expected there. What does
 * not fit becomes a problem and reads as absent, so that reading goes on and finds the rest.
 */
final class ManifestFields {
  private final String file;
  private final String path;
  private final YamlMap map;
  private final List<Problem> problems;

  ManifestFields(String file, String path, YamlMap map, List<Problem> problems) {
    this.file = file;
    this.path = path;
    this.map = map;
    this.problems = problems;
  }

  /** Reports every key that is not known. */
  ManifestFields only(Set<String> known) {
    map.entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                String hint =
                    Suggestion.didYouMean(key, known)
                        .orElse("known are " + String.join(", ", known.stream().sorted().toList()));
                add(entry.keyPosition(), pathOf(key), "unknown key \"" + key + "\"", hint);
              }
            });
    return this;
  }

  /** The text of a required field; reported if it is absent. */
  Optional<String> requiredText(String key, String hint) {
    if (map.get(key) == null) {
      add(map.position(), path, "\"" + key + "\" is missing", hint);
    }
    return text(key);
  }

  Optional<String> text(String key) {
    return scalar(key, "text")
        .filter(
            s -> {
              boolean text = s.value() instanceof String;
              if (!text) {
                problem(key, "must be text, not " + s.raw(), "put it in quotes");
              }
              return text;
            })
        .map(YamlScalar::raw);
  }

  Optional<Boolean> flag(String key) {
    return scalar(key, "true or false")
        .map(
            s -> {
              if (s.value() instanceof Boolean flag) {
                return flag;
              }
              problem(key, "must be true or false, not " + s.raw(), null);
              return true;
            });
  }

  /** A whole or decimal number within the bounds. */
  double number(String key, double fallback, double min, double max) {
    YamlScalar scalar = scalar(key, "a number").orElse(null);
    if (scalar == null) {
      return fallback;
    }
    if (scalar.value() instanceof Number n && n.doubleValue() >= min && n.doubleValue() <= max) {
      return n.doubleValue();
    }
    problem(key, "must be a number, not " + scalar.raw(), "between " + min + " and " + max);
    return fallback;
  }

  /** A whole number within the bounds. */
  int count(String key, int fallback, int max) {
    YamlScalar scalar = scalar(key, "a whole number").orElse(null);
    if (scalar == null) {
      return fallback;
    }
    if (scalar.value() instanceof Long n && n >= 1 && n <= max) {
      return n.intValue();
    }
    problem(key, "must be a whole number, not " + scalar.raw(), "between 1 and " + max);
    return fallback;
  }

  Duration duration(String key, Duration fallback) {
    YamlScalar scalar = scalar(key, "a duration").orElse(null);
    if (scalar == null) {
      return fallback;
    }
    Optional<Duration> parsed = DurationText.parse(scalar.raw());
    if (parsed.isEmpty() || parsed.get().isZero()) {
      problem(key, "\"" + scalar.raw() + "\" is not a duration", DurationText.RULE);
    }
    return parsed.orElse(fallback);
  }

  long bytes(String key, long fallback, long min, long max) {
    YamlScalar scalar = scalar(key, "an amount of memory").orElse(null);
    if (scalar == null) {
      return fallback;
    }
    OptionalLong parsed = ByteSize.parse(scalar.raw());
    if (parsed.isEmpty()) {
      problem(key, "\"" + scalar.raw() + "\" is not an amount of memory", ByteSize.RULE);
    } else if (parsed.getAsLong() < min || parsed.getAsLong() > max) {
      String bounds = "between " + ByteSize.print(min) + " and " + ByteSize.print(max);
      problem(key, scalar.raw() + " is out of bounds", bounds);
    }
    return parsed.orElse(fallback);
  }

  /** An amount of money; zero if it is absent. */
  BigDecimal amount(String key) {
    YamlValue value = map.get(key);
    if (value == null) {
      return BigDecimal.ZERO;
    }
    Optional<BigDecimal> amount = AmountText.parse(value);
    if (amount.isEmpty()) {
      problem(key, "not an amount", AmountText.RULE);
    }
    return amount.orElse(BigDecimal.ZERO);
  }

  /** One of the constants of an enum, written in lower case. */
  <E extends Enum<E>> E choice(String key, E fallback, E[] all) {
    Optional<String> written = text(key);
    List<String> known = new ArrayList<>();
    for (E constant : all) {
      known.add(constant.name().toLowerCase(java.util.Locale.ROOT));
      if (written.filter(known.get(known.size() - 1)::equals).isPresent()) {
        return constant;
      }
    }
    written.ifPresent(
        w -> {
          String hint =
              Suggestion.didYouMean(w, known).orElse("one of " + String.join(", ", known));
          problem(key, "\"" + w + "\" is not known here", hint);
        });
    return fallback;
  }

  /** The fields of a mapping below this one. */
  Optional<ManifestFields> object(String key) {
    YamlValue value = map.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof YamlMap child) {
      return Optional.of(new ManifestFields(file, pathOf(key), child, problems));
    }
    problem(key, "must be a mapping", null);
    return Optional.empty();
  }

  /** The items of a list. */
  List<YamlValue> items(String key) {
    YamlValue value = map.get(key);
    if (value instanceof YamlList list) {
      return list.items();
    }
    if (value != null) {
      problem(key, "must be a list", null);
    }
    return List.of();
  }

  /** An item of a list as a mapping. */
  Optional<ManifestFields> item(String key, int index, YamlValue item) {
    String itemPath = pathOf(key) + "[" + index + "]";
    if (item instanceof YamlMap child) {
      return Optional.of(new ManifestFields(file, itemPath, child, problems));
    }
    add(item.position(), itemPath, "must be a mapping", null);
    return Optional.empty();
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  @Nullable YamlValue get(String key) {
    return map.get(key);
  }

  Map<String, Entry> entries() {
    return map.entries();
  }

  Map<String, Object> plain() {
    return map.plain();
  }

  /** Reports a fault of the value under a key. */
  void problem(String key, String message, @Nullable String hint) {
    YamlValue value = map.get(key);
    add(value == null ? map.position() : value.position(), pathOf(key), message, hint);
  }

  /** Reports a fault of an item of the list under a key. */
  void itemProblem(String key, int index, YamlValue item, String message, @Nullable String hint) {
    add(item.position(), pathOf(key) + "[" + index + "]", message, hint);
  }

  private void add(Position at, String where, String message, @Nullable String hint) {
    problems.add(new Problem(file, at, where, message, hint));
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Optional<YamlScalar> scalar(String key, String expected) {
    YamlValue value = map.get(key);
    if (value instanceof YamlScalar scalar) {
      return Optional.of(scalar);
    }
    if (value != null) {
      problem(key, "must be " + expected, null);
    }
    return Optional.empty();
  }
}
