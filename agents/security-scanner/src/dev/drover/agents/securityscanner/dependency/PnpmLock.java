package dev.drover.agents.securityscanner.dependency;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** pnpm-lock.yaml, whose keys under {@code packages} changed their form with each version. */
final class PnpmLock {
  private static final Pattern KEY =
      Pattern.compile(
          "  ['\"]?/?((?:@[^/@\\s]{1,200}/)?[^@/\\s'\"]{1,200})[@/](\\d[^(_:'\"\\s]{0,200})[^:]*['\"]?:.*");

  private PnpmLock() {}

  static void read(String text, Manifest manifest) {
    boolean packages = false;
    int line = 0;
    for (String each : new ManifestLines(text)) {
      line++;
      if (!each.isBlank() && !each.startsWith(" ") && !each.startsWith("#")) {
        packages = each.startsWith("packages:");
      } else if (packages) {
        Matcher key = KEY.matcher(each);
        if (key.matches()) {
          manifest.add(Ecosystem.NPM, key.group(1), key.group(2), line, 3);
        }
      }
    }
  }
}
