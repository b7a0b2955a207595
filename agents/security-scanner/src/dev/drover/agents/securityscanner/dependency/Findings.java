package dev.drover.agents.securityscanner.dependency;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** Puts together what records say about dependencies: one fault for all its aliases. */
final class Findings {
  private static final List<String> RATINGS = List.of("critical", "high", "medium", "low");

  /** What is known of a package at a version; {@code places} all have it. */
  private record Hit(OsvRecord record, OsvRecord.Match match) {}

  private final Map<String, List<Dependency>> byPackage = new HashMap<>();
  private final Map<Dependency, List<Hit>> hits = new HashMap<>();

  Findings(Set<Dependency> dependencies) {
    for (Dependency dependency : dependencies) {
      String name = dependency.ecosystem().canonical(dependency.name());
      byPackage
          .computeIfAbsent(key(dependency.ecosystem(), name), any -> new ArrayList<>())
          .add(dependency);
    }
  }

  private static String key(Ecosystem ecosystem, String canonicalName) {
    return ecosystem + " " + canonicalName;
  }

  boolean knows(Ecosystem ecosystem, String canonicalName) {
    return byPackage.containsKey(key(ecosystem, canonicalName));
  }

  void add(OsvRecord record) {
    Set<String> seen = new LinkedHashSet<>();
    for (OsvRecord.Affected affected : record.affected()) {
      String key = key(affected.ecosystem(), affected.ecosystem().canonical(affected.name()));
      if (seen.add(key)) {
        for (Dependency dependency : byPackage.getOrDefault(key, List.of())) {
          record.match(dependency).ifPresent(match -> hit(dependency, record, match));
        }
      }
    }
  }

  private void hit(Dependency dependency, OsvRecord record, OsvRecord.Match match) {
    hits.computeIfAbsent(dependency, any -> new ArrayList<>()).add(new Hit(record, match));
  }

  List<Vulnerability> vulnerabilities() {
    List<Vulnerability> all = new ArrayList<>();
    hits.forEach(
        (dependency, found) -> {
          for (List<Hit> group : groups(found)) {
            all.add(vulnerability(dependency, group));
          }
        });
    return all;
  }

  /** Aliases of aliases belong together, too. */
  private static List<List<Hit>> groups(List<Hit> hits) {
    List<Set<String>> names = new ArrayList<>();
    List<List<Hit>> groups = new ArrayList<>();
    for (Hit hit : hits) {
      Set<String> own = new TreeSet<>(hit.record().aliases());
      own.add(hit.record().id());
      List<Hit> together = new ArrayList<>(List.of(hit));
      for (int i = groups.size() - 1; i >= 0; i--) {
        if (names.get(i).stream().anyMatch(own::contains)) {
          own.addAll(names.remove(i));
          together.addAll(groups.remove(i));
        }
      }
      names.add(own);
      groups.add(together);
    }
    return groups;
  }

  private static Vulnerability vulnerability(Dependency dependency, List<Hit> group) {
    Set<String> ids = new TreeSet<>();
    Set<String> fixed = new LinkedHashSet<>();
    String summary = "";
    String rating = "";
    group.sort(Comparator.comparing(hit -> preference(hit.record().id())));
    for (Hit hit : group) {
      ids.add(hit.record().id());
      ids.addAll(hit.record().aliases());
      fixed.addAll(hit.match().fixed());
      summary = summary.isEmpty() ? hit.record().summary() : summary;
      rating = worse(rating, rating(hit));
    }
    String first = group.get(0).record().id();
    ids.remove(first);
    List<String> ordered = new ArrayList<>(List.of(first));
    ordered.addAll(ids);
    List<String> versions = new ArrayList<>(fixed);
    versions.sort(dependency.ecosystem().order());
    return new Vulnerability(dependency, ordered, rating, summary, versions);
  }

  /** GitHub's records are reviewed and have summaries, so they go first. */
  private static String preference(String id) {
    return (id.startsWith("GHSA-") ? "0" : "1") + id;
  }

  private static String rating(Hit hit) {
    if (hit.record().id().startsWith("MAL-")) {
      return "critical"; // the package is itself an attack
    }
    OptionalDouble score = Cvss.score(hit.match().ratings().vector());
    return score.isPresent()
        ? Cvss.rating(score.getAsDouble())
        : Cvss.rating(hit.match().ratings().word());
  }

  private static String worse(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one + other;
    }
    return RATINGS.indexOf(one) <= RATINGS.indexOf(other) ? one : other;
  }
}
