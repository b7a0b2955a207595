package dev.drover.agents.securityscanner.dependency;

import java.util.ArrayList;
import java.util.List;

/** Collects what one file says: dependencies, and why some can't be told. */
final class Manifest {
  private static final int MOST = 200_000;
  private static final int LONGEST = 300;

  private final String path;
  private final List<Dependency> dependencies = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  Manifest(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  void add(Ecosystem ecosystem, String name, String version, int line, int column) {
    boolean plausible =
        !name.isBlank() && !version.isBlank() && name.length() + version.length() <= LONGEST;
    if (plausible && dependencies.size() < MOST) {
      dependencies.add(new Dependency(ecosystem, name, version, path, line, column));
    }
  }

  void problem(String problem) {
    problems.add(problem);
  }

  List<Dependency> dependencies() {
    return dependencies;
  }

  List<String> problems() {
    return problems;
  }
}
