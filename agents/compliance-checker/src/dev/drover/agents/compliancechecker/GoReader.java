package dev.drover.agents.compliancechecker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code go.mod}: the modules that it requires. Go declares no licences anywhere: their texts
 * count, where the modules are vendored.
 */
final class GoReader {
  private static final Pattern REQUIRED =
      Pattern.compile("\\s*(?:require\\s+)?([^\\s()]+)\\s+(v[0-9][^\\s/]*)\\s*(//.*)?");
  private static final Pattern MODULE = Pattern.compile("\\s*module\\s+\"?([^\\s\"]+)\"?.*");
  private static final Pattern BLOCK = Pattern.compile("\\s*(\\w+)\\s*\\(.*");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~!-]+(/[A-Za-z0-9._~!-]+)*");

  private GoReader() {}

  static void read(Path file, String path, Inventory inventory) throws Unreadable {
    String block = "";
    int line = 0;
    for (String text : Tree.text(file).split("\\r?\\n", -1)) {
      line++;
      Matcher opens = BLOCK.matcher(text);
      Matcher module = MODULE.matcher(text);
      Matcher required = REQUIRED.matcher(text);
      if (opens.matches()) {
        block = opens.group(1);
      } else if (text.strip().startsWith(")")) {
        block = "";
      } else if (module.matches()) {
        List<Claim> own = LicenceFiles.beside(file);
        inventory.add(component(module.group(1), "", Component.Role.OWN, Place.in(path), own));
      } else if (required.matches()
          && (block.equals("require") || text.strip().startsWith("require"))) {
        String name = required.group(1);
        inventory.add(
            component(
                name,
                required.group(2),
                Component.Role.DEPENDENCY,
                new Place(path, line),
                vendored(file, name)));
      }
    }
  }

  /** A module's licence may lie above it: several modules may share a repository. */
  private static List<Claim> vendored(Path goMod, String module) {
    if (!PLAIN.matcher(module).matches() || module.contains("..")) {
      return List.of();
    }
    List<Claim> claims = new ArrayList<>();
    String folder = module;
    while (claims.isEmpty() && folder.contains("/")) {
      claims.addAll(LicenceFiles.in(goMod.resolveSibling("vendor").resolve(folder)));
      folder = folder.substring(0, folder.lastIndexOf('/'));
    }
    return claims;
  }

  private static Component component(
      String name, String version, Component.Role role, Place place, List<Claim> claims) {
    return new Component(Component.Ecosystem.GO, name, version, role, place, claims);
  }
}
