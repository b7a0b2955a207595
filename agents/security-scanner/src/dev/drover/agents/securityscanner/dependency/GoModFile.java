package dev.drover.agents.securityscanner.dependency;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** go.mod: what is required, with what replaces it. */
final class GoModFile {
  private final Manifest manifest;
  private final List<Required> required = new ArrayList<>();
  private final Map<String, List<String>> replaced = new HashMap<>();

  private record Required(String module, String version, int line) {}

  private GoModFile(Manifest manifest) {
    this.manifest = manifest;
  }

  static void read(String text, Manifest manifest) {
    GoModFile file = new GoModFile(manifest);
    String block = "";
    int line = 0;
    for (String each : new ManifestLines(text)) {
      line++;
      int comment = each.indexOf("//");
      String bare = (comment < 0 ? each : each.substring(0, comment)).strip();
      List<String> words = bare.isEmpty() ? List.of() : List.of(bare.split("\\s+", -1));
      if (bare.equals(")")) {
        block = "";
      } else if (words.size() == 2 && words.get(1).equals("(")) {
        block = words.get(0);
      } else if (!block.isEmpty()) {
        file.directive(block, words, line);
      } else if (!words.isEmpty()) {
        file.directive(words.get(0), words.subList(1, words.size()), line);
      }
    }
    file.tell();
  }

  private void directive(String verb, List<String> words, int line) {
    if (verb.equals("require") && words.size() == 2) {
      required.add(new Required(unquoted(words.get(0)), unquoted(words.get(1)), line));
    } else if (verb.equals("replace")) {
      int arrow = words.indexOf("=>");
      if (arrow == 1 || arrow == 2) {
        String key = unquoted(words.get(0)) + (arrow == 2 ? "@" + words.get(1) : "");
        replaced.put(key, words.subList(arrow + 1, words.size()));
      }
    }
  }

  private void tell() {
    for (Required each : required) {
      List<String> other = replaced.get(each.module() + "@" + each.version());
      List<String> target = other == null ? replaced.get(each.module()) : other;
      if (target == null) {
        add(each.module(), each.version(), each.line());
      } else if (target.size() == 2) {
        add(unquoted(target.get(0)), target.get(1), each.line());
      }
      // One word is a folder, which has no version.
    }
  }

  /** OSV's records have Go's versions without the v. */
  private void add(String module, String version, int line) {
    String plain = version.startsWith("v") ? version.substring(1) : version;
    manifest.add(Ecosystem.GO, module, plain, line, 1);
  }

  private static String unquoted(String word) {
    return word.replace("\"", "").replace("`", "");
  }
}
