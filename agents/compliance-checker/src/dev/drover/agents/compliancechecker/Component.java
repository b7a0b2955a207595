package dev.drover.agents.compliancechecker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something with a licence: a package, or a file of the tree.
 *
 * @param name as its ecosystem names it, {@code org.slf4j:slf4j-api} for Maven
 * @param version empty if unknown
 * @param role what it is to the tree
 * @param claims what is said of its licence, the most trustworthy first
 */
record Component(
    Ecosystem ecosystem, String name, String version, Role role, Place place, List<Claim> claims) {

  /** Who names it. */
  enum Ecosystem {
    MAVEN,
    NPM,
    PYPI,
    GO,
    OTHER,
    FILE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What it is to the tree that is checked. */
  enum Role {
    /** Something that the software uses. */
    DEPENDENCY,
    /** Something that only its developers use. */
    DEVELOPMENT,
    /** The software itself: it is listed, its licence is its owner's affair. */
    OWN,
    /** A file of the tree. */
    FILE
  }

  Component {
    claims = List.copyOf(claims);
  }

  /** The same, with more said of its licence, behind what was said before. */
  Component with(List<Claim> more) {
    List<Claim> all = new ArrayList<>(claims);
    all.addAll(more);
    return new Component(ecosystem, name, version, role, place, all);
  }

  /** What makes two entries the same package. */
  String key() {
    return ecosystem + "|" + name + "|" + version;
  }

  /** Its name and version. */
  String title() {
    return version.isEmpty() ? name : name + " " + version;
  }
}
