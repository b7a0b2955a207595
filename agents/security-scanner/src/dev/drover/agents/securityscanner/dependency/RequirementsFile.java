package dev.drover.agents.securityscanner.dependency;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** requirements.txt, of which only pinned versions tell what is installed. */
final class RequirementsFile {
  private static final Pattern PINNED =
      Pattern.compile(
          "([A-Za-z0-9][A-Za-z0-9._-]{0,200})\\s*(?:\\[[^\\]]{0,200}\\])?\\s*={2,3}\\s*([^\\s;,#\\\\*]{1,100})\\s*(?:[;#\\\\].*|--.*)?");
  private static final Pattern NAMED =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}\\s*(?:[\\[<>=!~;#@].*)?");

  private RequirementsFile() {}

  static void read(String text, Manifest manifest) {
    int line = 0;
    int open = 0;
    for (String each : new ManifestLines(text)) {
      line++;
      String bare = each.strip();
      Matcher pinned = PINNED.matcher(bare);
      if (pinned.matches()) {
        manifest.add(Ecosystem.PYPI, pinned.group(1), pinned.group(2), line, 1);
      } else if (NAMED.matcher(bare).matches()) {
        open++;
      }
    }
    if (open > 0) {
      manifest.problem(open + " requirements not checked: they are not pinned with ==");
    }
  }
}
