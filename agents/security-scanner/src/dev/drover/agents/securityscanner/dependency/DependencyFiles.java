package dev.drover.agents.securityscanner.dependency;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes the files that name dependencies, in any order, and tells the dependencies when all are in:
 * a pom file's parent may come later.
 */
public final class DependencyFiles {
  private static final Pattern REQUIREMENTS =
      Pattern.compile("(?:.*[-_.])?requirements(?:[-_.].*)?\\.txt");

  private static final int LARGEST_POM = 2 << 20;
  private static final int LARGEST_LOCK = 24 << 20;

  private final List<Manifest> manifests = new ArrayList<>();
  private final MavenTree maven = new MavenTree();

  /** A file that could not be read as what it is, or a part of one. */
  public record Problem(String file, String reason) {}

  /** By its name. */
  public static boolean isOne(String path) {
    return switch (name(path)) {
      case "pom.xml",
          "package-lock.json",
          "npm-shrinkwrap.json",
          "yarn.lock",
          "pnpm-lock.yaml",
          "poetry.lock",
          "uv.lock",
          "Pipfile.lock",
          "go.mod" ->
          true;
      default -> REQUIREMENTS.matcher(name(path)).matches();
    };
  }

  /** The text has one character a byte; names and versions are ASCII. */
  public void add(String path, String text) {
    Manifest manifest = new Manifest(path);
    manifests.add(manifest);
    int largest = name(path).equals("pom.xml") ? LARGEST_POM : LARGEST_LOCK;
    if (text.length() > largest) {
      manifest.problem("dependencies left out: larger than " + largest + " bytes");
      return;
    }
    switch (name(path)) {
      case "pom.xml" -> maven.add(manifest, text);
      case "package-lock.json", "npm-shrinkwrap.json" -> NpmLockFile.read(text, manifest);
      case "Pipfile.lock" -> PipfileLock.read(text, manifest);
      case "yarn.lock" -> YarnLock.read(text, manifest);
      case "pnpm-lock.yaml" -> PnpmLock.read(text, manifest);
      case "poetry.lock", "uv.lock" -> PythonLock.read(text, manifest);
      case "go.mod" -> GoModFile.read(text, manifest);
      default -> RequirementsFile.read(text, manifest);
    }
  }

  /** All, each once for a place. */
  public Set<Dependency> dependencies() {
    maven.resolve();
    Set<Dependency> all = new LinkedHashSet<>();
    manifests.forEach(manifest -> all.addAll(manifest.dependencies()));
    return all;
  }

  /** What can't be told; complete after {@link #dependencies}. */
  public List<Problem> problems() {
    List<Problem> all = new ArrayList<>();
    for (Manifest manifest : manifests) {
      manifest.problems().forEach(reason -> all.add(new Problem(manifest.path(), reason)));
    }
    return all;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
