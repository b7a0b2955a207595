package dev.drover.agents.compliancechecker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's files: what is installed, and what a project asks for. */
final class PythonReader {
  private static final TomlMapper TOML = new TomlMapper();
  private static final Pattern HEADER = Pattern.compile("([A-Za-z-]+): ?(.*)");
  private static final String CLASSIFIER = "License :: ";

  /** A longer "name" is a licence's whole text, which old tools put there. */
  private static final int LONGEST_NAME = 200;

  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*([A-Za-z0-9][A-Za-z0-9._-]*)\\s*(?:\\[[^\\]]*\\])?\\s*(?:==\\s*([A-Za-z0-9.!+_-]+))?.*");
  private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");

  private PythonReader() {}

  /** {@code METADATA} or {@code PKG-INFO} of something installed. */
  static void installed(Path file, String path, Inventory inventory) throws Unreadable {
    Map<String, List<String>> headers = headers(Tree.text(file));
    List<Claim> claims = new ArrayList<>();
    for (String expression : headers.getOrDefault("license-expression", List.of())) {
      claims.add(Claim.declared("License-Expression", expression));
    }
    for (String licence : headers.getOrDefault("license", List.of())) {
      claims.add(licence(licence, "License"));
    }
    claims.addAll(classifiers(headers.getOrDefault("classifier", List.of())));
    claims.addAll(LicenceFiles.beside(file));
    claims.addAll(LicenceFiles.in(file.resolveSibling("licenses")));
    String name = first(headers, "name");
    if (!name.isEmpty()) {
      inventory.add(
          component(
              name, first(headers, "version"), Component.Role.DEPENDENCY, Place.in(path), claims));
    }
  }

  private static Claim licence(String words, String source) {
    return words.length() > LONGEST_NAME
        ? Claim.text(source, words)
        : Claim.declared(source, words);
  }

  private static List<Claim> classifiers(List<String> all) {
    List<String> names = new ArrayList<>();
    for (String classifier : all) {
      if (classifier.startsWith(CLASSIFIER)) {
        names.add(classifier.substring(classifier.lastIndexOf(":: ") + 3).strip());
      }
    }
    return names.isEmpty() ? List.of() : List.of(Claim.together("classifiers", names));
  }

  private static Map<String, List<String>> headers(String text) {
    Map<String, List<String>> headers = new HashMap<>();
    String name = "";
    for (String line : text.split("\\r?\\n", -1)) {
      if (line.isEmpty()) {
        break; // the description follows
      }
      Matcher header = HEADER.matcher(line);
      if (Character.isWhitespace(line.charAt(0)) && !name.isEmpty()) {
        List<String> values = headers.getOrDefault(name, List.of());
        values.set(values.size() - 1, values.get(values.size() - 1) + "\n" + line.strip());
      } else if (header.matches()) {
        name = header.group(1).toLowerCase(Locale.ROOT);
        headers.computeIfAbsent(name, n -> new ArrayList<>()).add(header.group(2).strip());
      }
    }
    headers.values().forEach(values -> values.removeIf(PythonReader::saysNothing));
    return headers;
  }

  private static boolean saysNothing(String value) {
    return value.isBlank() || value.equalsIgnoreCase("UNKNOWN");
  }

  private static String first(Map<String, List<String>> headers, String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst().orElse("");
  }

  /** {@code pyproject.toml}, also Poetry's. */
  static void project(Path file, String path, Inventory inventory) throws Unreadable {
    String text = new String(Tree.bytes(file), StandardCharsets.UTF_8);
    JsonNode root;
    try {
      root = TOML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Unreadable("it is no TOML: line " + line(e));
    }
    JsonNode project = root.path("project");
    JsonNode poetry = root.at("/tool/poetry");
    JsonNode own = project.isMissingNode() ? poetry : project;
    if (own.isMissingNode()) {
      return;
    }
    inventory.add(
        component(
            own.path("name").asText(path),
            own.path("version").asText(""),
            Component.Role.OWN,
            Place.in(path),
            own(own, file)));
    for (JsonNode requirement : project.path("dependencies")) {
      asked(requirement.asText(), new Place(path, lineOf(text, requirement.asText())), inventory);
    }
    for (Map.Entry<String, JsonNode> entry : poetry.path("dependencies").properties()) {
      if (!entry.getKey().equals("python")) {
        asked(entry.getKey(), new Place(path, lineOf(text, entry.getKey())), inventory);
      }
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }

  private static List<Claim> own(JsonNode project, Path file) {
    JsonNode licence = project.path("license");
    List<Claim> claims = new ArrayList<>();
    String words = licence.isTextual() ? licence.asText() : licence.path("text").asText("");
    if (!words.isBlank()) {
      claims.add(licence(words, "pyproject.toml"));
    }
    List<String> classifiers = new ArrayList<>();
    project.path("classifiers").forEach(one -> classifiers.add(one.asText()));
    claims.addAll(classifiers(classifiers));
    claims.addAll(LicenceFiles.beside(file));
    return claims;
  }

  /** Lines of {@code requirements.txt}; options and addresses are passed over. */
  static void requirements(Path file, String path, Inventory inventory) throws Unreadable {
    int line = 0;
    for (String text : Tree.text(file).split("\\r?\\n", -1)) {
      line++;
      boolean names = !text.isBlank() && !text.strip().startsWith("#") && !text.contains("://");
      if (names && !text.strip().startsWith("-")) {
        asked(text, new Place(path, line), inventory);
      }
    }
  }

  private static void asked(String requirement, Place place, Inventory inventory) {
    Matcher named = REQUIREMENT.matcher(requirement);
    if (named.matches()) {
      String version = Optional.ofNullable(named.group(2)).orElse("");
      inventory.add(
          component(named.group(1), version, Component.Role.DEPENDENCY, place, List.of()));
    }
  }

  private static int lineOf(String text, String part) {
    int at = text.indexOf(part);
    return at < 0 ? 0 : 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  private static Component component(
      String name, String version, Component.Role role, Place place, List<Claim> claims) {
    String normal = SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    return new Component(Component.Ecosystem.PYPI, normal, version, role, place, claims);
  }
}
