package dev.drover.agents.securityscanner.dependency;

import dev.drover.agents.kit.XmlElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pom file, which asks its parents where it has no answer itself. */
final class MavenPom {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^${}]{1,200})\\}");
  private static final int MOST_STEPS = 30;
  private static final int MOST_POMS = 500;

  private final XmlElement project;
  private final String text;
  private final Map<String, MavenPom> others;
  private final Map<String, String> management = new HashMap<>();
  private final List<String> imports = new ArrayList<>();
  private boolean managementRead;
  private int counted = 1;
  private int countedTo;

  MavenPom(XmlElement project, String text, Map<String, MavenPom> others) {
    this.project = project;
    this.text = text;
    this.others = others;
  }

  String coordinates() {
    return own("groupId") + ":" + project.textOf("artifactId");
  }

  /** Group and version come from the parent where they are not given. */
  private String own(String name) {
    String given = project.textOf(name);
    return given.isEmpty() ? parent(name) : given;
  }

  private String parent(String name) {
    return project.child("parent").map(parent -> parent.textOf(name)).orElse("");
  }

  private @Nullable MavenPom parentPom() {
    return others.get(parent("groupId") + ":" + parent("artifactId"));
  }

  /** Mostly asked in the order of the text, so it goes on from where it was. */
  int line(int offset) {
    if (offset < countedTo) {
      countedTo = 0;
      counted = 1;
    }
    for (int at = text.indexOf('\n', countedTo);
        at >= 0 && at < offset;
        at = text.indexOf('\n', at + 1)) {
      counted++;
    }
    countedTo = offset;
    return counted;
  }

  int column(int offset) {
    return offset - text.lastIndexOf('\n', offset - 1);
  }

  /**
   * Its own and, as they are inherited, not its parent's: those are told where they are written.
   */
  List<XmlElement> dependencies() {
    List<XmlElement> all = new ArrayList<>(project.at("dependencies", "dependency"));
    all.addAll(project.at("profiles", "profile", "dependencies", "dependency"));
    return all;
  }

  /** The version that this pom's management, or a parent's, gives; empty if none does. */
  String managed(String name) {
    return managed(name, new HashSet<>());
  }

  /** Each pom file is asked once, so that imports in a circle, or in great numbers, have an end. */
  private String managed(String name, Set<MavenPom> asked) {
    if (!asked.add(this) || asked.size() > MOST_POMS) {
      return "";
    }
    readManagement();
    String found = management.getOrDefault(name, "");
    for (int i = 0; i < imports.size() && found.isEmpty(); i++) {
      MavenPom bom = others.get(imports.get(i));
      found = bom == null ? "" : bom.managed(name, asked);
    }
    MavenPom parent = parentPom();
    return found.isEmpty() && parent != null ? parent.managed(name, asked) : found;
  }

  private void readManagement() {
    if (managementRead) {
      return;
    }
    managementRead = true;
    List<XmlElement> entries =
        new ArrayList<>(project.at("dependencyManagement", "dependencies", "dependency"));
    entries.addAll(
        project.at("profiles", "profile", "dependencyManagement", "dependencies", "dependency"));
    for (XmlElement entry : entries) {
      String name = expanded(entry.textOf("groupId")) + ":" + expanded(entry.textOf("artifactId"));
      if (entry.textOf("scope").equals("import")) {
        imports.add(name);
      } else {
        management.putIfAbsent(name, expanded(entry.textOf("version")));
      }
    }
  }

  /** With the properties put in that are known; the others stay. */
  String expanded(String value) {
    String expanded = value;
    for (int i = 0; i < MOST_STEPS && expanded.contains("${"); i++) {
      StringBuilder out = new StringBuilder();
      int from = 0;
      for (MatchResult use : PROPERTY.matcher(expanded).results().toList()) {
        out.append(expanded, from, use.start()).append(property(use.group(1)).orElse(use.group()));
        from = use.end();
      }
      String next = out.append(expanded.substring(from)).toString();
      if (next.equals(expanded) || next.length() > 1000) {
        break;
      }
      expanded = next;
    }
    return expanded;
  }

  private Optional<String> property(String name) {
    String plain = name.startsWith("pom.") ? "project." + name.substring(4) : name;
    String found =
        switch (plain) {
          case "project.version", "version" -> own("version");
          case "project.groupId", "groupId" -> own("groupId");
          case "project.artifactId" -> project.textOf("artifactId");
          case "project.parent.version" -> parent("version");
          case "project.parent.groupId" -> parent("groupId");
          default -> set(name, MOST_STEPS);
        };
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  private String set(String name, int steps) {
    List<XmlElement> values = new ArrayList<>(project.at("properties", name));
    values.addAll(project.at("profiles", "profile", "properties", name));
    if (!values.isEmpty()) {
      return values.get(0).text();
    }
    MavenPom parent = parentPom();
    return parent != null && parent != this && steps > 0 ? parent.set(name, steps - 1) : "";
  }
}
