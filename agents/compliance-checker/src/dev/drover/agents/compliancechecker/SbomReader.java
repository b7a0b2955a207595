package dev.drover.agents.compliancechecker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Bills of materials as JSON: CycloneDX and SPDX. */
final class SbomReader {
  private static final int DEEPEST = 64;

  private final Json json;
  private final String path;
  private final Inventory inventory;

  private SbomReader(Json json, String path, Inventory inventory) {
    this.json = json;
    this.path = path;
    this.inventory = inventory;
  }

  /** Returns false if the document is no bill of materials. */
  static boolean read(Json json, String path, Inventory inventory) {
    SbomReader reader = new SbomReader(json, path, inventory);
    if (json.root().path("bomFormat").asText().equals("CycloneDX")) {
      reader.cycloneDx();
      return true;
    }
    if (json.root().has("spdxVersion")) {
      reader.spdx();
      return true;
    }
    return false;
  }

  private void cycloneDx() {
    JsonNode own = json.root().at("/metadata/component");
    if (own.isObject()) {
      add(own, Component.Role.OWN);
    }
    cycloneDx(json.root().path("components"), 0);
  }

  private void cycloneDx(JsonNode components, int depth) {
    for (JsonNode component : components) {
      boolean optional = component.path("scope").asText().equals("excluded");
      add(component, optional ? Component.Role.DEVELOPMENT : Component.Role.DEPENDENCY);
      if (depth < DEEPEST) {
        cycloneDx(component.path("components"), depth + 1);
      }
    }
  }

  private void add(JsonNode component, Component.Role role) {
    String group = component.path("group").asText("");
    String plain = component.path("name").asText("");
    Purl purl =
        Purl.of(
            component.path("purl").asText(""),
            group.isEmpty() ? plain : group + "/" + plain,
            component.path("version").asText(""));
    add(component, purl, role, licences(component, purl));
  }

  /** Those of a Maven project are its pom's, of which one may be chosen; otherwise all apply. */
  private static List<Claim> licences(JsonNode component, Purl purl) {
    List<Claim.Choice> choices = new ArrayList<>();
    for (JsonNode entry : component.path("licenses")) {
      JsonNode licence = entry.path("license");
      String id = licence.path("id").asText("");
      String name = id.isEmpty() ? licence.path("name").asText("") : id;
      String words = entry.path("expression").asText(name);
      String url = licence.path("url").asText("");
      if (!words.isBlank() || !url.isBlank()) {
        choices.add(new Claim.Choice(words, url));
      }
    }
    Claim.Kind kind =
        purl.ecosystem() == Component.Ecosystem.MAVEN ? Claim.Kind.DECLARED : Claim.Kind.TOGETHER;
    return choices.isEmpty() ? List.of() : List.of(new Claim("CycloneDX", kind, choices));
  }

  private void spdx() {
    Set<String> own = new HashSet<>();
    json.root().path("documentDescribes").forEach(id -> own.add(id.asText()));
    for (JsonNode relation : json.root().path("relationships")) {
      if (relation.path("relationshipType").asText().equals("DESCRIBES")) {
        own.add(relation.path("relatedSpdxElement").asText());
      }
    }
    for (JsonNode one : json.root().path("packages")) {
      String address = "";
      for (JsonNode reference : one.path("externalRefs")) {
        if (reference.path("referenceType").asText().equals("purl")) {
          address = reference.path("referenceLocator").asText("");
        }
      }
      Purl purl = Purl.of(address, one.path("name").asText(""), one.path("versionInfo").asText(""));
      boolean self = own.contains(one.path("SPDXID").asText());
      List<Claim> claims = new ArrayList<>();
      said(one, "licenseConcluded", claims);
      said(one, "licenseDeclared", claims);
      add(one, purl, self ? Component.Role.OWN : Component.Role.DEPENDENCY, claims);
    }
  }

  private static void said(JsonNode one, String field, List<Claim> claims) {
    String words = one.path(field).asText("");
    if (!words.isBlank() && !words.equals("NOASSERTION") && !words.equals("NONE")) {
      claims.add(Claim.declared("SPDX " + field, words));
    }
  }

  private void add(JsonNode at, Purl purl, Component.Role role, List<Claim> claims) {
    inventory.add(
        new Component(
            purl.ecosystem(),
            purl.name(),
            purl.version(),
            role,
            new Place(path, json.line(at)),
            claims));
  }
}
