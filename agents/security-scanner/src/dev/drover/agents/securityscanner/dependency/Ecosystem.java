package dev.drover.agents.securityscanner.dependency;

import dev.drover.agents.kit.version.VersionOrder;
import java.util.Locale;
import java.util.Optional;

/** A world of packages: its name in OSV records, and its order of versions. */
public enum Ecosystem {
  MAVEN("Maven"),
  NPM("npm"),
  PYPI("PyPI"),
  GO("Go");

  private final String osvName;

  Ecosystem(String osvName) {
    this.osvName = osvName;
  }

  /** As OSV records and reports call it. */
  public String osvName() {
    return osvName;
  }

  VersionOrder order() {
    return switch (this) {
      case MAVEN -> VersionOrder.MAVEN;
      case NPM, GO -> VersionOrder.SEMANTIC;
      case PYPI -> VersionOrder.PYTHON;
    };
  }

  /** The name by which a package is compared: Python's have several spellings. */
  String canonical(String name) {
    return this == PYPI ? name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-") : name;
  }

  /** Records may add a suffix, as in {@code Maven:https://...}, which names a registry. */
  static Optional<Ecosystem> of(String name) {
    int suffix = name.indexOf(':');
    String plain = suffix < 0 ? name : name.substring(0, suffix);
    for (Ecosystem each : values()) {
      if (each.osvName.equals(plain)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
