package dev.drover.agents.compliancechecker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a component's claims come to.
 *
 * @param expression absent if no claim could be understood
 * @param source which claim it was
 * @param declared the words of it, or of all that was not understood
 * @param doubt why nothing was understood; empty otherwise
 */
record Resolution(Optional<Expression> expression, String source, String declared, String doubt) {

  private static final Pattern NOT_IN_IDS = Pattern.compile("[^A-Za-z0-9.]+");

  /** The first claim that can be understood decides: claims come in order of trust. */
  static Resolution of(Component component, LicenceTable table) {
    List<String> words = new ArrayList<>();
    boolean family = false;
    for (Claim claim : component.claims()) {
      Optional<Expression> expression = expression(claim, table);
      if (expression.isPresent()) {
        return new Resolution(expression, claim.source(), claim.words(), "");
      }
      if (!claim.words().isBlank()) {
        words.add(claim.words());
      }
      family |= claim.choices().stream().anyMatch(choice -> table.isFamily(choice.name()));
    }
    String source = component.claims().isEmpty() ? "" : component.claims().get(0).source();
    return new Resolution(Optional.empty(), source, String.join("; ", words), doubt(words, family));
  }

  private static String doubt(List<String> words, boolean family) {
    if (words.isEmpty()) {
      return "it does not say under which licence it stands";
    }
    return family
        ? "what it declares names a family of licences, not one"
        : "what it declares is no licence that is known";
  }

  private static Optional<Expression> expression(Claim claim, LicenceTable table) {
    if (claim.kind() == Claim.Kind.TEXT) {
      return table.texts().recognise(claim.choices().get(0).name());
    }
    List<Expression> parts = new ArrayList<>();
    boolean understood = false;
    for (Claim.Choice choice : claim.choices()) {
      Optional<Expression> one = declared(choice, table);
      understood |= one.isPresent();
      parts.add(one.orElseGet(() -> reference(choice.words())));
    }
    if (!understood) {
      return Optional.empty();
    }
    // One that is understood is enough to judge by; the others stay visible.
    return Optional.of(
        claim.kind() == Claim.Kind.TOGETHER ? Expression.all(parts) : Expression.any(parts));
  }

  private static Optional<Expression> declared(Claim.Choice choice, LicenceTable table) {
    Optional<Expression> named =
        choice.name().isBlank() ? Optional.empty() : table.named(choice.name());
    return named.or(() -> choice.url().isBlank() ? Optional.empty() : table.at(choice.url()));
  }

  private static Expression reference(String words) {
    String id = NOT_IN_IDS.matcher(words.strip()).replaceAll("-");
    return new Expression.Licence(
        "LicenseRef-" + id.substring(0, Math.min(id.length(), 60)), false);
  }
}
