package dev.drover.agents.compliancechecker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds project files by name in local repositories and puts together what they inherit: parents,
 * properties, managed versions, imported bills of materials. Nothing is downloaded.
 */
final class Poms {
  private static final int MOST_PARENTS = 16;
  private static final int MOST_IMPORTS = 8;
  private static final int DEEPEST = 32;
  private static final int MOST_FILES = 1_000_000;
  private static final Path SEVERAL = Path.of("");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.+-]+");

  private final Path root;
  private final List<Path> repositories;
  private @Nullable Map<String, Path> index;
  private final Map<Path, Optional<Pom>> read = new HashMap<>();
  private final Map<Pom.Coordinates, Optional<EffectivePom>> built = new HashMap<>();

  /**
   * @param root the tree outside of which no parent is looked for, but in the repositories
   */
  Poms(Path root, List<Path> repositories) {
    this.root = root;
    this.repositories = List.copyOf(repositories);
  }

  /** The project of that name, with what it inherits. */
  Optional<EffectivePom> find(Pom.Coordinates coordinates) {
    Optional<EffectivePom> known = built.get(coordinates);
    if (known == null) {
      known = pom(coordinates).map(pom -> effective(pom, Optional.empty(), MOST_IMPORTS));
      built.put(coordinates, known);
    }
    return known;
  }

  /**
   * What a project file comes to.
   *
   * @param file where it lies, so that a parent in the same tree is found
   */
  EffectivePom effective(Pom pom, Optional<Path> file) {
    return effective(pom, file, MOST_IMPORTS);
  }

  private EffectivePom effective(Pom pom, Optional<Path> file, int importsLeft) {
    Line line = line(pom, file);
    Map<String, String> properties = new HashMap<>();
    Pom.Coordinates coordinates = pom.coordinates();
    List<Claim.Choice> licences = List.of();
    String from = "";
    for (Pom ancestor : line.poms()) {
      ancestor.properties().forEach(properties::putIfAbsent);
      coordinates = filled(coordinates, ancestor);
      if (licences.isEmpty() && !ancestor.licences().isEmpty()) {
        licences = ancestor.licences();
        from = ancestor.equals(pom) ? "pom" : "parent pom " + ancestor.coordinates().artifact();
      }
    }
    EffectivePom bare =
        new EffectivePom(pom, coordinates, line.complete(), properties, licences, from, Map.of());
    Pom.Coordinates resolved = bare.resolved(coordinates);
    EffectivePom named =
        new EffectivePom(pom, resolved, line.complete(), properties, licences, from, Map.of());
    Map<String, String> managed = managed(line.poms(), named, importsLeft);
    return new EffectivePom(pom, resolved, line.complete(), properties, licences, from, managed);
  }

  /** A project and its parents, the nearest first. */
  private record Line(List<Pom> poms, boolean complete) {}

  private Line line(Pom pom, Optional<Path> file) {
    Set<Pom> poms = new LinkedHashSet<>(List.of(pom));
    Pom nearest = pom;
    Optional<Path> at = file;
    while (nearest.parent().isPresent()) {
      Pom.Coordinates wanted = nearest.parent().get().coordinates();
      Optional<Path> beside =
          at.map(Path::getParent)
              .map(Path::getParent)
              .map(folder -> folder.resolve("pom.xml"))
              .filter(candidate -> candidate.startsWith(root));
      Optional<Pom> parent = beside.flatMap(this::read).filter(found -> isIt(found, wanted));
      at = parent.isPresent() ? beside : Optional.empty();
      parent = parent.or(() -> pom(wanted));
      if (parent.isEmpty() || poms.size() == MOST_PARENTS || !poms.add(parent.get())) {
        return new Line(List.copyOf(poms), false);
      }
      nearest = parent.get();
    }
    return new Line(List.copyOf(poms), true);
  }

  private static boolean isIt(Pom found, Pom.Coordinates wanted) {
    return found.coordinates().artifact().equals(wanted.artifact())
        && filled(found.coordinates(), found).group().equals(wanted.group());
  }

  /** Group and version are the parent's where a project gives none. */
  private static Pom.Coordinates filled(Pom.Coordinates given, Pom by) {
    Pom.Coordinates parent =
        by.parent().map(Pom.Reference::coordinates).orElse(new Pom.Coordinates("", "", ""));
    String group = given.group().isEmpty() ? by.coordinates().group() : given.group();
    String version = given.version().isEmpty() ? by.coordinates().version() : given.version();
    return new Pom.Coordinates(
        group.isEmpty() ? parent.group() : group,
        given.artifact(),
        version.isEmpty() ? parent.version() : version);
  }

  private Map<String, String> managed(List<Pom> line, EffectivePom by, int importsLeft) {
    Map<String, String> managed = new LinkedHashMap<>();
    Map<String, String> imported = new LinkedHashMap<>();
    for (Pom ancestor : line) {
      for (Pom.Reference reference : ancestor.managed()) {
        Pom.Coordinates one = by.resolved(reference.coordinates());
        if (reference.scope().equals("import") && importsLeft > 0) {
          pom(one)
              .map(bom -> effective(bom, Optional.empty(), importsLeft - 1))
              .ifPresent(bom -> bom.managed().forEach(imported::putIfAbsent));
        } else {
          managed.putIfAbsent(one.name(), one.version());
        }
      }
    }
    imported.forEach(managed::putIfAbsent);
    return managed;
  }

  private Optional<Pom> pom(Pom.Coordinates of) {
    boolean plain =
        PLAIN.matcher(of.group()).matches()
            && PLAIN.matcher(of.artifact()).matches()
            && PLAIN.matcher(of.version()).matches()
            && !of.version().startsWith(".")
            && !of.artifact().startsWith(".");
    if (!plain) {
      return Optional.empty();
    }
    for (Path repository : repositories) {
      Path file =
          repository
              .resolve(of.group().replace('.', '/').replaceAll("^/+", ""))
              .resolve(of.artifact())
              .resolve(of.version())
              .resolve(of.artifact() + "-" + of.version() + ".pom");
      Optional<Pom> pom = read(file);
      if (pom.isPresent()) {
        return pom;
      }
    }
    return Optional.empty();
  }

  /**
   * The project whose file has that name, for a jar that does not say what it is; nothing if there
   * are several.
   */
  Optional<Pom> named(String fileName) {
    if (index == null) {
      index = index();
    }
    return Optional.ofNullable(index.get(fileName))
        .filter(f -> !f.equals(SEVERAL))
        .flatMap(this::read);
  }

  private Map<String, Path> index() {
    Map<String, Path> files = new HashMap<>();
    for (Path repository : repositories) {
      try (Stream<Path> all = Files.walk(repository, DEEPEST)) {
        all.limit(MOST_FILES)
            .filter(file -> file.toString().endsWith(".pom"))
            .forEach(
                file -> files.merge(String.valueOf(file.getFileName()), file, (a, b) -> SEVERAL));
      } catch (IOException | UncheckedIOException e) {
        return files; // what can't be listed can't be found, as if it were not there
      }
    }
    return files;
  }

  /** A project file, read once; nothing if it is not there or no project. */
  Optional<Pom> read(Path file) {
    Optional<Pom> known = read.get(file);
    if (known == null) {
      known = Optional.empty();
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        try {
          known = Optional.of(Pom.parse(Tree.bytes(file)));
        } catch (Unreadable e) {
          known = Optional.empty(); // as good as not there
        }
      }
      read.put(file, known);
    }
    return known;
  }
}
