package dev.drover.agents.securityscanner.dependency;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** yarn.lock of the first Yarn and of the later ones: both have an entry a package, indented. */
final class YarnLock {
  private static final Pattern VERSION = Pattern.compile("  version:? \"?([^\"\\s]{1,200})\"?\\s*");
  private static final Pattern RESOLUTION =
      Pattern.compile("  resolution: \"?((?:@[^/@\\s]{1,200}/)?[^@\\s\"]{1,200})@npm:.*");
  private static final Pattern HEAD =
      Pattern.compile(
          "\"?((?:@[^/@\\s]{1,200}/)?[^@\\s\"]{1,200})@(npm:)?((?:@[^/@\\s\"]{1,200}/)?[^@\\s\",]{0,200}).*:\\s*");

  private YarnLock() {}

  static void read(String text, Manifest manifest) {
    String name = "";
    String version = "";
    int line = 0;
    int at = 0;
    for (String each : new ManifestLines(text)) {
      line++;
      Matcher head = HEAD.matcher(each);
      if (!each.startsWith(" ") && head.matches()) {
        add(manifest, name, version, at);
        // An alias, such as a@npm:b@1, is the package behind it.
        boolean alias = head.group(2) != null && head.group(3).matches("@?[A-Za-z].*");
        name = alias ? head.group(3) : head.group(1);
        version = "";
        at = line;
      } else if (each.startsWith("  ") && !name.isEmpty()) {
        Matcher found = VERSION.matcher(each);
        Matcher resolution = RESOLUTION.matcher(each);
        if (found.matches()) {
          version = found.group(1);
        } else if (resolution.matches()) {
          name = resolution.group(1);
        } else if (each.startsWith("  resolution:")) {
          name = ""; // a workspace, a folder or a patch
        }
      }
    }
    add(manifest, name, version, at);
  }

  private static void add(Manifest manifest, String name, String version, int line) {
    if (!version.startsWith("0.0.0-use.local")) {
      manifest.add(Ecosystem.NPM, name, version, line, 1);
    }
  }
}
