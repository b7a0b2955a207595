package dev.drover.agents.securityscanner.dependency;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A record of the Open Source Vulnerability format, as far as it matters here. */
record OsvRecord(
    String id, List<String> aliases, String summary, Ratings ratings, List<Affected> affected) {

  /**
   * How bad it is, as different people say it.
   *
   * @param vector a CVSS vector of version 3; empty if there is none
   * @param word of the database, such as MODERATE; empty if there is none
   */
  record Ratings(String vector, String word) {
    static final Ratings NONE = new Ratings("", "");
  }

  /** A package that has it, in these versions. */
  record Affected(
      Ecosystem ecosystem,
      String name,
      List<Range> ranges,
      List<String> versions,
      Ratings ratings) {

    boolean concerns(Dependency dependency) {
      return ecosystem == dependency.ecosystem()
          && ecosystem.canonical(name).equals(ecosystem.canonical(dependency.name()));
    }
  }

  /** Versions from event to event. */
  record Range(List<Event> events) {

    /** As the format defines it: the events in the order of their versions, each a turn. */
    boolean holds(Dependency dependency) {
      boolean limited = false;
      boolean below = false;
      boolean vulnerable = false;
      for (Event event : sorted(dependency)) {
        int difference = compare(dependency, dependency.version(), event.version());
        switch (event.kind()) {
          case INTRODUCED -> vulnerable |= difference >= 0;
          case FIXED -> vulnerable &= difference < 0;
          case LAST_AFFECTED -> vulnerable &= difference <= 0;
          case LIMIT -> {
            limited = true;
            below |= event.version().equals("*") || difference < 0;
          }
        }
      }
      return vulnerable && (below || !limited);
    }

    Optional<String> fixAfter(Dependency dependency) {
      return sorted(dependency).stream()
          .filter(event -> event.kind() == Event.Kind.FIXED)
          .map(Event::version)
          .filter(version -> compare(dependency, version, dependency.version()) > 0)
          .findFirst();
    }

    private List<Event> sorted(Dependency dependency) {
      Comparator<Event> byVersion =
          (one, other) -> compare(dependency, one.version(), other.version());
      return events.stream().sorted(byVersion.thenComparing(Event::kind)).toList();
    }
  }

  /** A turn of a range. The kinds are in the order in which events at one version are told. */
  record Event(Kind kind, String version) {
    enum Kind {
      INTRODUCED,
      LAST_AFFECTED,
      FIXED,
      LIMIT
    }
  }

  /** What it says about a dependency. */
  record Match(Ratings ratings, List<String> fixed) {}

  /** Empty if the dependency does not have it. */
  Optional<Match> match(Dependency dependency) {
    boolean hit = false;
    Ratings ratings = this.ratings;
    List<String> fixed = new ArrayList<>();
    for (Affected each : affected) {
      if (!each.concerns(dependency)) {
        continue;
      }
      boolean listed = each.versions().contains(dependency.version());
      for (Range range : each.ranges()) {
        if (range.holds(dependency)) {
          listed = true;
          range.fixAfter(dependency).ifPresent(fixed::add);
        }
      }
      if (listed) {
        hit = true;
        ratings = each.ratings().equals(Ratings.NONE) ? ratings : each.ratings();
      }
    }
    return hit ? Optional.of(new Match(ratings, fixed)) : Optional.empty();
  }

  private static int compare(Dependency dependency, String one, String other) {
    // Zero means before everything, whatever the order.
    if (one.equals("0") || other.equals("0")) {
      return Boolean.compare(!one.equals("0"), !other.equals("0"));
    }
    return dependency.ecosystem().order().compare(one, other);
  }
}
