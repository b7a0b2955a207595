package dev.drover.agents.compliancechecker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * OSGi's {@code Bundle-License}: clauses with parameters, separated by commas. Many people write a
 * mere name there, which may have a comma in it.
 */
final class BundleLicence {
  private static final String SOURCE = "Bundle-License";
  private static final Pattern CLAUSE = Pattern.compile("(?:\"[^\"]*\"|[^,\"])+");
  private static final Pattern LINK = Pattern.compile(";\\s*link\\s*=\\s*\"?([^\";,]+)");

  private BundleLicence() {}

  static Optional<String> of(byte[] manifest) {
    try {
      Manifest read = new Manifest(new ByteArrayInputStream(manifest));
      return Optional.ofNullable(read.getMainAttributes().getValue(SOURCE))
          .filter(value -> !value.isBlank());
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // a broken manifest says nothing
    }
  }

  /** As one name, and if that is none, as clauses. */
  static List<Claim> claims(byte[] manifest) {
    Optional<String> value = of(manifest);
    if (value.isEmpty()) {
      return List.of();
    }
    List<Claim.Choice> clauses = new ArrayList<>();
    Matcher clause = CLAUSE.matcher(value.get());
    while (clause.find()) {
      clauses.add(choice(clause.group()));
    }
    Claim whole = new Claim(SOURCE, Claim.Kind.DECLARED, List.of(choice(value.get())));
    return clauses.size() < 2
        ? List.of(whole)
        : List.of(whole, new Claim(SOURCE, Claim.Kind.DECLARED, clauses));
  }

  private static Claim.Choice choice(String clause) {
    Matcher link = LINK.matcher(clause);
    String url = link.find() ? link.group(1).strip() : "";
    int parameters = clause.indexOf(';');
    String name = (parameters < 0 ? clause : clause.substring(0, parameters)).strip();
    return new Claim.Choice(name.replace("\"", ""), url);
  }
}
