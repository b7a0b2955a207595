package dev.drover.agents.compliancechecker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a Maven project file says itself, before parents and properties are taken into account. */
record Pom(
    Optional<Reference> parent,
    Coordinates coordinates,
    Map<String, String> properties,
    List<Claim.Choice> licences,
    List<Reference> managed,
    List<Reference> dependencies) {

  /** A project's name; parts may be empty, and hold {@code ${…}}. */
  record Coordinates(String group, String artifact, String version) {
    String name() {
      return group + ":" + artifact;
    }
  }

  /** A project that another names. */
  record Reference(Coordinates coordinates, String scope, boolean optional, int line) {}

  Pom {
    properties = Map.copyOf(properties);
    licences = List.copyOf(licences);
    managed = List.copyOf(managed);
    dependencies = List.copyOf(dependencies);
  }

  static Pom parse(byte[] document) throws Unreadable {
    Xml project = Xml.parse(document);
    if (!project.name().equals("project")) {
      throw new Unreadable("it is no Maven project");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    project
        .child("properties")
        .ifPresent(all -> all.children().forEach(one -> properties.put(one.name(), one.text())));
    return new Pom(
        project.child("parent").map(Pom::reference),
        coordinates(project),
        properties,
        inside(project, "licenses", "license").stream()
            .map(licence -> new Claim.Choice(licence.text("name"), licence.text("url")))
            .toList(),
        project
            .child("dependencyManagement")
            .map(management -> references(management))
            .orElse(List.of()),
        references(project));
  }

  private static List<Reference> references(Xml of) {
    return inside(of, "dependencies", "dependency").stream().map(Pom::reference).toList();
  }

  private static List<Xml> inside(Xml of, String list, String element) {
    return of.child(list).map(all -> all.children(element)).orElse(List.of());
  }

  private static Reference reference(Xml element) {
    return new Reference(
        coordinates(element),
        element.text("scope"),
        element.text("optional").equals("true"),
        element.line());
  }

  private static Coordinates coordinates(Xml of) {
    return new Coordinates(of.text("groupId"), of.text("artifactId"), of.text("version"));
  }
}
