package dev.drover.agents.patcher;

import dev.drover.agents.kit.XmlElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A pom file of the tree, as far as versions go. */
final class Pom {
  private static final String PLUGINS = "org.apache.maven.plugins";
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}]{1,200})\\}");

  /** Something with coordinates; {@code version} has no text if it is given elsewhere. */
  record Artifact(String kind, String group, String name, List<XmlElement> version) {}

  private final String path;
  private final FileState.Decoded decoded;
  private final XmlElement project;

  Pom(String path, FileState.Decoded decoded, XmlElement project) {
    this.path = path;
    this.decoded = decoded;
    this.project = project;
  }

  String path() {
    return path;
  }

  FileState.Decoded decoded() {
    return decoded;
  }

  String text() {
    return decoded.text();
  }

  int line(XmlElement element) {
    return Places.line(text(), element.textStart());
  }

  /** Its own coordinates, of which the group may come from the parent. */
  String coordinates() {
    String own = project.textOf("groupId");
    return (own.isEmpty() ? parentText("groupId") : own) + ":" + project.textOf("artifactId");
  }

  String parentCoordinates() {
    return parentText("groupId") + ":" + parentText("artifactId");
  }

  private String parentText(String name) {
    return project.child("parent").map(parent -> parent.textOf(name)).orElse("");
  }

  /** Dependencies, managed ones, plugins, extensions and the parent, those of profiles too. */
  List<Artifact> artifacts() {
    List<Artifact> artifacts = new ArrayList<>();
    project.child("parent").ifPresent(parent -> artifacts.add(artifact("parent", parent)));
    List<XmlElement> places = new ArrayList<>(List.of(project));
    places.addAll(project.at("profiles", "profile"));
    for (XmlElement place : places) {
      collect(place, artifacts);
    }
    return artifacts;
  }

  private static void collect(XmlElement element, List<Artifact> into) {
    for (XmlElement child : element.children()) {
      switch (child.name()) {
        case "dependency", "extension", "annotationProcessorPath" ->
            into.add(artifact(child.name(), child));
        case "plugin" -> into.add(artifact("plugin", child));
        case "path" -> {
          // Of annotationProcessorPaths; elsewhere it has no artifactId.
          into.add(artifact("path", child));
        }
        case "parent", "profiles" -> {
          // Looked at on their own.
          continue;
        }
        default -> {
          // Only a frame round others.
        }
      }
      collect(child, into);
    }
  }

  private static Artifact artifact(String kind, XmlElement element) {
    String group = element.textOf("groupId");
    boolean implied = group.isEmpty() && kind.equals("plugin");
    return new Artifact(
        kind, implied ? PLUGINS : group, element.textOf("artifactId"), element.children("version"));
  }

  /** Where a property is set, in profiles too. */
  List<XmlElement> property(String name) {
    List<XmlElement> found = new ArrayList<>(project.at("properties", name));
    found.addAll(project.at("profiles", "profile", "properties", name));
    return found;
  }

  /** The lines that use a property, each with the artifact whose version it is, if any. */
  List<String> usesOf(String property, String except) {
    Map<Integer, String> artifacts = new HashMap<>();
    for (Artifact artifact : artifacts()) {
      for (XmlElement version : artifact.version()) {
        artifacts.put(version.textStart(), artifact.group() + ":" + artifact.name());
      }
    }
    List<String> uses = new ArrayList<>();
    for (MatchResult use : REFERENCE.matcher(text()).results().toList()) {
      String user = artifacts.getOrDefault(use.start(), "");
      if (use.group(1).equals(property) && !user.equals(except)) {
        String where = path + ":" + Places.line(text(), use.start());
        uses.add(user.isEmpty() ? where : user + " (" + where + ")");
      }
    }
    return uses;
  }
}
