package dev.drover.agents.compliancechecker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a package URL names, as the ecosystem itself writes it. */
record Purl(Component.Ecosystem ecosystem, String name, String version) {
  private static final Pattern FORM =
      Pattern.compile("pkg:([a-z0-9.+-]+)/+([^@?#]+)(?:@([^?#]*))?.*");

  /** Without a usable address the plain name and version stand. */
  static Purl of(String address, String name, String version) {
    Matcher purl = FORM.matcher(address);
    if (!purl.matches()) {
      return new Purl(Component.Ecosystem.OTHER, name, version);
    }
    String path = decoded(purl.group(2));
    String given = purl.group(3) == null ? version : decoded(purl.group(3));
    return switch (purl.group(1)) {
      case "maven" -> new Purl(Component.Ecosystem.MAVEN, path.replace('/', ':'), given);
      case "npm" -> new Purl(Component.Ecosystem.NPM, path, given);
      case "pypi" -> new Purl(Component.Ecosystem.PYPI, path, given);
      case "golang" -> new Purl(Component.Ecosystem.GO, path, given);
      default -> new Purl(Component.Ecosystem.OTHER, path, given);
    };
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part; // as it is, rather than nothing
    }
  }
}
