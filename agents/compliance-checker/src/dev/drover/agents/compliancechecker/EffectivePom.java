package dev.drover.agents.compliancechecker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Maven project with what it inherits.
 *
 * @param complete false if a parent could not be found, so that something may be missing
 * @param licences of the nearest project in the line of parents that names some
 * @param licencesFrom whose they are, in words
 * @param managed versions by {@code group:artifact}
 */
record EffectivePom(
    Pom own,
    Pom.Coordinates coordinates,
    boolean complete,
    Map<String, String> properties,
    List<Claim.Choice> licences,
    String licencesFrom,
    Map<String, String> managed) {

  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^${}]+)\\}");
  private static final int MOST_ROUNDS = 10;
  private static final int LONGEST = 1_000;

  EffectivePom {
    properties = Map.copyOf(properties);
    licences = List.copyOf(licences);
    managed = new HashMap<>(managed);
  }

  /** With properties put in; what is not known stays as it is. */
  String resolved(String text) {
    String now = text;
    for (int round = 0; round < MOST_ROUNDS && now.length() < LONGEST; round++) {
      String next = PROPERTY.matcher(now).replaceAll(this::value);
      if (next.equals(now)) {
        return now;
      }
      now = next;
    }
    return now;
  }

  private String value(MatchResult property) {
    String name = property.group(1);
    String value =
        switch (name) {
          case "project.version", "pom.version", "version" -> coordinates.version();
          case "project.groupId", "pom.groupId", "groupId" -> coordinates.group();
          case "project.artifactId", "pom.artifactId" -> coordinates.artifact();
          case "project.parent.version" ->
              own.parent().map(parent -> parent.coordinates().version()).orElse("");
          default -> properties.getOrDefault(name, "");
        };
    return Matcher.quoteReplacement(value.isEmpty() ? property.group() : value);
  }

  /** Names with properties put in. */
  Pom.Coordinates resolved(Pom.Coordinates given) {
    return new Pom.Coordinates(
        resolved(given.group()), resolved(given.artifact()), resolved(given.version()));
  }

  /** What a dependency is, its version from the management where it gives none itself. */
  Pom.Coordinates dependency(Pom.Reference reference) {
    Pom.Coordinates given = resolved(reference.coordinates());
    String version =
        given.version().isEmpty() ? managed.getOrDefault(given.name(), "") : given.version();
    return new Pom.Coordinates(
        given.group(), given.artifact(), version.contains("${") ? "" : version);
  }
}
