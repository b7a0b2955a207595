package dev.drover.agents.securityscanner.dependency;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** poetry.lock and uv.lock: TOML, of which the tables called {@code [[package]]} matter. */
final class PythonLock {
  private static final Pattern FIELD =
      Pattern.compile("(name|version)\\s*=\\s*[\"']([^\"']{1,200})[\"']\\s*(?:#.*)?");

  private PythonLock() {}

  static void read(String text, Manifest manifest) {
    boolean table = false;
    String name = "";
    int line = 0;
    for (String each : new ManifestLines(text)) {
      line++;
      String bare = each.strip();
      if (bare.startsWith("[")) {
        table = bare.startsWith("[[package]]");
        name = "";
        continue;
      }
      Matcher field = FIELD.matcher(bare);
      if (!table || !field.matches()) {
        continue;
      }
      if (field.group(1).equals("name")) {
        name = field.group(2);
      } else {
        manifest.add(Ecosystem.PYPI, name, field.group(2), line, 1);
      }
    }
  }
}
