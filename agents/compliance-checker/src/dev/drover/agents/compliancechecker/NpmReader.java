package dev.drover.agents.compliancechecker;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * npm's files: what is installed in {@code node_modules}, what a lock file says, what a project
 * asks for.
 */
final class NpmReader {
  private static final Pattern INSTALLED =
      Pattern.compile("(?:.*/)?node_modules/((?:@[^/]+/)?[^/@]+)/package\\.json");
  private static final Pattern IN_LOCK =
      Pattern.compile("(?:.*/)?node_modules/((?:@[^/]+/)?[^/]+)");
  private static final Pattern SEE_FILE =
      Pattern.compile("SEE LICEN[CS]E IN ([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);
  private static final int DEEPEST = 64;

  private NpmReader() {}

  /** A package's own file, installed or the project's. */
  static void manifest(Path file, String path, Inventory inventory) throws Unreadable {
    Matcher installed = INSTALLED.matcher(path);
    if (!installed.matches() && path.contains("node_modules/")) {
      return; // parts of packages have such files, too, without name or licence
    }
    Json json = Json.parse(Tree.bytes(file));
    JsonNode root = json.root();
    boolean own = !installed.matches();
    List<Claim> claims = new ArrayList<>(declared(root, "package.json", file.getParent()));
    if (!own) {
      claims.addAll(LicenceFiles.beside(file));
    }
    String name = root.path("name").asText(own ? path : installed.group(1));
    Place place = new Place(path, lineOf(root, json));
    inventory.add(
        component(
            name,
            root.path("version").asText(""),
            own ? Component.Role.OWN : Component.Role.DEPENDENCY,
            place,
            claims));
    if (own) {
      asked(root.path("dependencies"), Component.Role.DEPENDENCY, json, path, inventory);
      asked(root.path("devDependencies"), Component.Role.DEVELOPMENT, json, path, inventory);
    }
  }

  private static int lineOf(JsonNode root, Json json) {
    return Math.max(1, json.line(root));
  }

  private static void asked(
      JsonNode names, Component.Role role, Json json, String path, Inventory inventory) {
    for (Map.Entry<String, JsonNode> entry : names.properties()) {
      Place place = new Place(path, json.line(names));
      inventory.add(component(entry.getKey(), "", role, place, List.of()));
    }
  }

  /** A lock file of any version. */
  static void lock(Path file, String path, Inventory inventory) throws Unreadable {
    Json json = Json.parse(Tree.bytes(file));
    JsonNode packages = json.root().path("packages");
    for (Map.Entry<String, JsonNode> entry : packages.properties()) {
      JsonNode one = entry.getValue();
      Matcher installed = IN_LOCK.matcher(entry.getKey());
      if (!installed.matches() || one.path("link").asBoolean()) {
        continue; // the project itself and its workspaces
      }
      inventory.add(
          component(
              one.path("name").asText(installed.group(1)),
              one.path("version").asText(""),
              role(one),
              new Place(path, json.line(one)),
              declared(one, "package-lock.json", null)));
    }
    if (packages.isMissingNode()) {
      old(json.root().path("dependencies"), json, path, inventory, 0);
    }
  }

  /** Lock files of npm 6 and before nest, and say nothing of licences. */
  private static void old(
      JsonNode dependencies, Json json, String path, Inventory inventory, int depth) {
    for (Map.Entry<String, JsonNode> entry : dependencies.properties()) {
      JsonNode one = entry.getValue();
      Place place = new Place(path, json.line(one));
      inventory.add(
          component(entry.getKey(), one.path("version").asText(""), role(one), place, List.of()));
      if (depth < DEEPEST) {
        old(one.path("dependencies"), json, path, inventory, depth + 1);
      }
    }
  }

  private static Component.Role role(JsonNode locked) {
    boolean development = locked.path("dev").asBoolean() || locked.path("devOptional").asBoolean();
    return development ? Component.Role.DEVELOPMENT : Component.Role.DEPENDENCY;
  }

  private static List<Claim> declared(JsonNode of, String source, @Nullable Path folder) {
    JsonNode licence = of.path("license");
    if (licence.isMissingNode()) {
      licence = of.path("licenses");
    }
    List<Claim.Choice> choices = new ArrayList<>();
    for (JsonNode one : licence.isArray() ? licence : List.of(licence)) {
      String name = one.isTextual() ? one.asText() : one.path("type").asText("");
      String url = one.path("url").asText("");
      if (!name.isBlank() || !url.isBlank()) {
        choices.add(new Claim.Choice(name, url));
      }
    }
    if (choices.isEmpty()) {
      return List.of();
    }
    List<Claim> claims = new ArrayList<>();
    claims.add(new Claim(source, Claim.Kind.DECLARED, choices));
    Matcher see = SEE_FILE.matcher(choices.get(0).name());
    if (folder != null && see.matches()) {
      Optional<String> text = Tree.textIfThere(folder.resolve(see.group(1)));
      text.ifPresent(there -> claims.add(Claim.text(see.group(1), there)));
    }
    return claims;
  }

  private static Component component(
      String name, String version, Component.Role role, Place place, List<Claim> claims) {
    return new Component(Component.Ecosystem.NPM, name, version, role, place, claims);
  }
}
