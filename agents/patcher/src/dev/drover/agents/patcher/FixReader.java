package dev.drover.agents.patcher;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Glob;
import dev.drover.agents.kit.InputObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one fix, which is told by the one field that says what it is about. */
final class FixReader {
  private static final List<String> KINDS =
      List.of("maven", "npm", "replace", "regex", "patch", "patchBase64");
  private static final Pattern MAVEN_NAME =
      Pattern.compile("[A-Za-z0-9_.-]{1,200}:[A-Za-z0-9_.-]{1,200}");
  private static final Pattern NPM_NAME =
      Pattern.compile("(?:@[a-z0-9~_.-]{1,100}/)?[A-Za-z0-9~_.-]{1,200}");
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._+-]{0,99}");
  private static final Pattern NPM_VERSION =
      Pattern.compile("\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}(?:[-+][0-9A-Za-z.+-]{1,80})?");
  private static final Pattern INTEGRITY =
      Pattern.compile("sha(?:1|256|384|512)-[A-Za-z0-9+/]{20,100}={0,2}");
  private static final int MOST_PATTERNS = 200;
  private static final int LONGEST_REGEX = 2000;

  private FixReader() {}

  static Fix read(InputObject fix) throws BadInput {
    List<String> kinds = KINDS.stream().filter(fix::has).toList();
    if (kinds.size() != 1) {
      throw new BadInput("each of fixes must have exactly one of " + String.join(", ", KINDS));
    }
    return switch (kinds.get(0)) {
      case "maven" -> maven(fix);
      case "npm" -> npm(fix);
      case "replace", "regex" -> replacement(fix, kinds.get(0));
      default -> patch(fix, kinds.get(0));
    };
  }

  private static Fix maven(InputObject fix) throws BadInput {
    fix.allowOnly(Set.of("maven", "to", "from", "allowDowngrade", "files"), "a maven fix");
    String name = matching(fix.text("maven"), MAVEN_NAME, "maven must be groupId:artifactId");
    int colon = name.indexOf(':');
    return new Fix.MavenBump(
        name.substring(0, colon),
        name.substring(colon + 1),
        versions(fix, VERSION),
        files(fix, List.of("**")));
  }

  private static Fix npm(InputObject fix) throws BadInput {
    fix.allowOnly(
        Set.of("npm", "to", "from", "allowDowngrade", "integrity", "files"), "an npm fix");
    Optional<String> integrity = fix.optionalText("integrity");
    if (integrity.isPresent()) {
      matching(integrity.get(), INTEGRITY, "integrity must be like sha512-...");
    }
    return new Fix.NpmBump(
        matching(fix.text("npm"), NPM_NAME, "npm must be a package's name"),
        versions(fix, NPM_VERSION),
        integrity,
        files(fix, List.of("**")));
  }

  private static Fix.Versions versions(InputObject fix, Pattern form) throws BadInput {
    Optional<String> from = fix.optionalText("from");
    String to = matching(fix.text("to"), form, "to must be a version such as 1.2.3");
    return new Fix.Versions(from, to, fix.flag("allowDowngrade", false));
  }

  private static Fix replacement(InputObject fix, String kind) throws BadInput {
    fix.allowOnly(Set.of(kind, "with", "files", "expect"), "a " + kind + " fix");
    if (!fix.has("with") || !fix.has("files")) {
      throw new BadInput("a " + kind + " fix needs with (the new text) and files (patterns)");
    }
    Optional<Integer> expect =
        fix.has("expect") ? Optional.of(fix.integer("expect", 0, 0, 100_000)) : Optional.empty();
    String search = fix.text(kind);
    if (kind.equals("regex") && search.length() > LONGEST_REGEX) {
      throw new BadInput("regex must have at most " + LONGEST_REGEX + " characters");
    }
    return new Fix.Replacement(
        search, kind.equals("regex"), fix.textOrEmpty("with"), files(fix, List.of()), expect);
  }

  private static Fix patch(InputObject fix, String kind) throws BadInput {
    fix.allowOnly(Set.of(kind, "strip", "fuzz"), "a patch fix");
    byte[] bytes;
    try {
      bytes =
          kind.equals("patch")
              ? fix.text(kind).getBytes(StandardCharsets.UTF_8)
              : Base64.getMimeDecoder().decode(fix.text(kind));
    } catch (IllegalArgumentException e) {
      throw new BadInput("patchBase64 must be base64");
    }
    if (bytes.length > SourceTree.LARGEST_FILE) {
      throw new BadInput("a patch must have at most " + SourceTree.LARGEST_FILE + " bytes");
    }
    return new Fix.Patch(
        new String(bytes, StandardCharsets.ISO_8859_1),
        fix.integer("strip", 1, 0, 20),
        fix.integer("fuzz", 2, 0, 10));
  }

  private static List<Glob> files(InputObject fix, List<String> standard) throws BadInput {
    List<String> patterns = fix.has("files") ? fix.texts("files") : standard;
    if (patterns.isEmpty()
        || patterns.size() > MOST_PATTERNS
        || patterns.stream().anyMatch(each -> each.isEmpty() || each.length() > 1000)) {
      throw new BadInput("files must hold from 1 to " + MOST_PATTERNS + " patterns");
    }
    return Glob.all(patterns);
  }

  private static String matching(String text, Pattern form, String rule) throws BadInput {
    if (!form.matcher(text).matches()) {
      throw new BadInput(rule);
    }
    return text;
  }
}
