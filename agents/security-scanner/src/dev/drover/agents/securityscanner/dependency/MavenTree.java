package dev.drover.agents.securityscanner.dependency;

import dev.drover.agents.kit.XmlDocument;
import dev.drover.agents.kit.XmlElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The pom files of the tree: versions come from properties, parents and management among them. */
final class MavenTree {
  private final List<Module> modules = new ArrayList<>();
  private final Map<String, MavenPom> poms = new HashMap<>();

  private record Module(Manifest manifest, MavenPom pom) {}

  void add(Manifest manifest, String text) {
    try {
      XmlElement root = XmlDocument.parse(text);
      if (root.name().equals("project")) {
        MavenPom pom = new MavenPom(root, text, poms);
        modules.add(new Module(manifest, pom));
        poms.putIfAbsent(pom.coordinates(), pom);
      }
    } catch (XmlDocument.NotXml e) {
      manifest.problem("dependencies left out: " + e.getMessage());
    }
  }

  void resolve() {
    for (Module module : modules) {
      resolve(module);
    }
    modules.clear();
  }

  private static void resolve(Module module) {
    MavenPom pom = module.pom();
    TreeSet<String> unknown = new TreeSet<>();
    for (XmlElement dependency : pom.dependencies()) {
      String name =
          pom.expanded(dependency.textOf("groupId"))
              + ":"
              + pom.expanded(dependency.textOf("artifactId"));
      String version = pom.expanded(dependency.textOf("version"));
      if (version.isEmpty()) {
        version = pom.managed(name);
      }
      version = exact(version);
      if (version.isEmpty() || version.contains("${")) {
        unknown.add(name);
      } else {
        int at = dependency.child("version").map(XmlElement::start).orElse(dependency.start());
        int line = pom.line(at);
        module.manifest().add(Ecosystem.MAVEN, name, version, line, pom.column(at));
      }
    }
    if (!unknown.isEmpty()) {
      module
          .manifest()
          .problem(
              unknown.size()
                  + " dependencies not checked, their versions are set outside of the tree: "
                  + shortened(String.join(", ", unknown)));
    }
  }

  /** A range of one version is that version; any other can't be told. */
  private static String exact(String version) {
    if (version.startsWith("[") && version.endsWith("]") && version.indexOf(',') < 0) {
      return version.substring(1, version.length() - 1).strip();
    }
    return version.startsWith("[") || version.startsWith("(") ? "" : version;
  }

  private static String shortened(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "...";
  }
}
