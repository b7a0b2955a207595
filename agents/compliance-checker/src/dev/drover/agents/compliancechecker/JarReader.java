package dev.drover.agents.compliancechecker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A jar: its project file beside it, as in a local repository, or inside; its manifest; the
 * licence's text in it. Jars inside of it (Spring Boot, war) are components of their own.
 */
final class JarReader {
  private static final Pattern FILE_NAME = Pattern.compile("(.+?)(?:-([0-9][^/]*))?\\.jar");

  private final Path root;
  private final List<Path> repositories;
  private final Poms poms;
  private final Map<Path, Poms> around = new HashMap<>();

  JarReader(Path root, Optional<Path> repository) {
    this.root = root;
    this.repositories = repository.stream().toList();
    this.poms = new Poms(root, repositories);
  }

  void read(Path file, String path, Inventory inventory) throws Unreadable {
    Archive archive =
        Archive.open(
            file,
            (name, inner) -> {
              String at = path + "!/" + name;
              Optional<Pom> pom = pom(inner, fileName(name));
              inventory.add(component(at, inner, pom, Optional.empty()));
            });
    String name = fileName(path);
    Optional<Path> pomFile = beside(file).filter(there -> poms.read(there).isPresent());
    Optional<Pom> pom =
        pomFile
            .flatMap(poms::read)
            .or(() -> pom(archive, name))
            .or(() -> poms.named(name.replaceAll("\\.jar$", ".pom")));
    inventory.add(component(path, archive, pom, pomFile));
  }

  /** In a repository's layout a jar's project file is named after the folders, whatever the jar. */
  private static Optional<Path> beside(Path file) {
    Path version = file.getParent();
    Path artifact = version == null ? null : version.getParent();
    if (version == null || artifact == null || artifact.getFileName() == null) {
      return Optional.empty();
    }
    String prefix = artifact.getFileName() + "-" + version.getFileName();
    return String.valueOf(file.getFileName()).startsWith(prefix)
        ? Optional.of(file.resolveSibling(prefix + ".pom"))
        : Optional.empty();
  }

  private Component component(
      String path, Archive archive, Optional<Pom> pom, Optional<Path> pomFile) {
    List<Claim> claims = new ArrayList<>();
    Matcher named = FILE_NAME.matcher(fileName(path));
    String name = named.matches() ? named.group(1) : fileName(path);
    String version = named.matches() && named.group(2) != null ? named.group(2) : "";
    if (pom.isPresent()) {
      EffectivePom effective = effective(pom.get(), pomFile);
      Pom.Coordinates coordinates = effective.coordinates();
      name = coordinates.name();
      version = coordinates.version().isEmpty() ? version : coordinates.version();
      if (!effective.licences().isEmpty()) {
        claims.add(new Claim(effective.licencesFrom(), Claim.Kind.DECLARED, effective.licences()));
      }
    }
    claims.addAll(BundleLicence.claims(archive.manifest()));
    for (Map.Entry<String, byte[]> text : archive.licences()) {
      claims.add(Claim.text(text.getKey(), new String(text.getValue(), StandardCharsets.UTF_8)));
    }
    return new Component(
        Component.Ecosystem.MAVEN,
        name,
        version,
        Component.Role.DEPENDENCY,
        Place.in(path),
        claims);
  }

  /** A project beside its jar has its parents in the same repository. */
  private EffectivePom effective(Pom pom, Optional<Path> file) {
    EffectivePom alone = poms.effective(pom, Optional.empty());
    if (file.isEmpty()) {
      return alone;
    }
    Pom.Coordinates is = alone.coordinates();
    Path layout = Path.of(is.group().replace('.', '/'), is.artifact(), is.version());
    Path folder = file.get().getParent();
    if (folder == null || !folder.endsWith(layout)) {
      return alone;
    }
    Path repository = folder;
    for (int up = 0; up < layout.getNameCount() && repository != null; up++) {
      repository = repository.getParent();
    }
    if (repository == null || !repository.startsWith(root)) {
      return alone;
    }
    return around
        .computeIfAbsent(repository, this::withRepository)
        .effective(pom, Optional.empty());
  }

  private Poms withRepository(Path repository) {
    List<Path> all = new ArrayList<>(repositories);
    all.add(repository);
    return new Poms(root, all);
  }

  /** Of several projects in one jar only that is meant which the jar is named after. */
  private static Optional<Pom> pom(Archive archive, String fileName) {
    List<Pom> poms =
        archive.poms().stream().map(JarReader::parsed).flatMap(Optional::stream).toList();
    return poms.size() == 1
        ? Optional.of(poms.get(0))
        : poms.stream().filter(pom -> isNamed(pom, fileName)).findFirst();
  }

  /** Where it is broken, other sources may still tell. */
  private static Optional<Pom> parsed(byte[] document) {
    try {
      return Optional.of(Pom.parse(document));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private static boolean isNamed(Pom pom, String fileName) {
    String artifact = pom.coordinates().artifact();
    return fileName.equals(artifact + ".jar")
        || fileName.matches(Pattern.quote(artifact) + "-[0-9].*");
  }

  private static String fileName(String path) {
    String[] parts = path.split("/", -1);
    return Arrays.asList(parts).get(parts.length - 1);
  }
}
