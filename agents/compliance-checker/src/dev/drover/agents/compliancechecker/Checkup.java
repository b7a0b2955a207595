package dev.drover.agents.compliancechecker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Hands each file of the tree to what can read it. */
final class Checkup implements Tree.Visitor {
  private static final Pattern REQUIREMENTS = Pattern.compile("requirements[A-Za-z0-9._-]*\\.txt");
  private static final Pattern SBOM =
      Pattern.compile(".*\\.(cdx|spdx)\\.json|.*s?bom.*\\.json", Pattern.CASE_INSENSITIVE);
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "(?:.*/)?(node_modules|vendor|site-packages|target|build|dist|\\.gradle|\\.venv|[^/]+\\.(dist|egg)-info)/.*");
  private static final int SNIFFED = 64;

  private final Request request;
  private final Inventory inventory;
  private final MavenReader maven;
  private final JarReader jars;
  private int filesRead;

  Checkup(Request request, Inventory inventory) {
    this.request = request;
    this.inventory = inventory;
    this.maven = new MavenReader(request.target(), request.mavenRepository());
    this.jars = new JarReader(request.target(), request.mavenRepository());
  }

  int filesRead() {
    return filesRead;
  }

  @Override
  public void file(Path file, String path) {
    filesRead++;
    try {
      boolean alone = file.equals(request.target());
      if (!byName(file, path) && !(alone && byContent(file, path))) {
        if (request.files() && (alone || !OF_OTHERS.matcher(path).matches())) {
          LicenceFiles.read(file, path, inventory);
        }
      }
    } catch (Unreadable e) {
      inventory.unchecked(path, e.getMessage() == null ? "" : e.getMessage());
    }
  }

  @Override
  public void skipped(String path, String reason) {
    inventory.unchecked(path, reason);
  }

  private boolean byName(Path file, String path) throws Unreadable {
    String name = path.substring(path.lastIndexOf('/') + 1);
    switch (name) {
      case "pom.xml" -> maven.read(file, path, inventory);
      case "package.json" -> NpmReader.manifest(file, path, inventory);
      case "package-lock.json", "npm-shrinkwrap.json" -> NpmReader.lock(file, path, inventory);
      case "pyproject.toml" -> PythonReader.project(file, path, inventory);
      case "go.mod" -> GoReader.read(file, path, inventory);
      default -> {
        return byPattern(file, path, name);
      }
    }
    return true;
  }

  private boolean byPattern(Path file, String path, String name) throws Unreadable {
    if (name.endsWith(".jar") || name.endsWith(".war") || name.endsWith(".ear")) {
      jars.read(file, path, inventory);
    } else if (path.endsWith(".dist-info/METADATA") || path.endsWith(".egg-info/PKG-INFO")) {
      PythonReader.installed(file, path, inventory);
    } else if (REQUIREMENTS.matcher(name).matches()) {
      PythonReader.requirements(file, path, inventory);
    } else {
      return SBOM.matcher(name).matches()
          && SbomReader.read(Json.parse(Tree.bytes(file)), path, inventory);
    }
    return true;
  }

  /** A file that is mounted alone has lost its name. */
  private boolean byContent(Path file, String path) throws Unreadable {
    byte[] head = Tree.head(file, SNIFFED);
    String start = new String(head, StandardCharsets.UTF_8).strip();
    if (start.startsWith("PK")) {
      jars.read(file, path, inventory);
    } else if (start.startsWith("<?xml") || start.startsWith("<project")) {
      maven.read(file, path, inventory);
    } else if (start.startsWith("{")) {
      Json json = Json.parse(Tree.bytes(file));
      if (json.root().has("lockfileVersion")) {
        NpmReader.lock(file, path, inventory);
      } else if (!SbomReader.read(json, path, inventory)) {
        NpmReader.manifest(file, path, inventory);
      }
    } else {
      return false;
    }
    return true;
  }
}
