package dev.drover.agents.compliancechecker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A project's {@code pom.xml}: what it depends on directly. The licences are those that the
 * dependencies' own project files in the local repository name.
 */
final class MavenReader {
  private static final Set<String> DEVELOPMENT = Set.of("test", "provided");

  private final Poms poms;

  MavenReader(Path root, Optional<Path> repository) {
    this.poms = new Poms(root, repository.stream().toList());
  }

  void read(Path file, String path, Inventory inventory) throws Unreadable {
    Pom pom = Pom.parse(Tree.bytes(file));
    EffectivePom project = poms.effective(pom, Optional.of(file));
    List<Claim> own =
        project.licences().isEmpty()
            ? List.of()
            : List.of(new Claim(project.licencesFrom(), Claim.Kind.DECLARED, project.licences()));
    inventory.add(
        new Component(
            Component.Ecosystem.MAVEN,
            project.coordinates().name(),
            project.coordinates().version(),
            Component.Role.OWN,
            Place.in(path),
            own));
    for (Pom.Reference reference : pom.dependencies()) {
      inventory.add(dependency(project, reference, path));
    }
  }

  private Component dependency(EffectivePom project, Pom.Reference reference, String path) {
    Pom.Coordinates coordinates = project.dependency(reference);
    List<Claim> claims = new ArrayList<>();
    poms.find(coordinates)
        .filter(found -> !found.licences().isEmpty())
        .ifPresent(
            found ->
                claims.add(
                    new Claim(
                        "its " + found.licencesFrom(), Claim.Kind.DECLARED, found.licences())));
    return new Component(
        Component.Ecosystem.MAVEN,
        coordinates.name(),
        coordinates.version(),
        DEVELOPMENT.contains(reference.scope())
            ? Component.Role.DEVELOPMENT
            : Component.Role.DEPENDENCY,
        new Place(path, reference.line()),
        claims);
  }
}
