package dev.drover.agents.securityscanner;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds misconfiguration in the services of a Compose file. */
final class ComposeChecks {

  /** Turns a node's place into offsets of the scanned text. */
  interface Places {
    int start(Node node);

    int end(Node node);
  }

  private static final Set<String> DANGEROUS_CAPABILITIES =
      Set.of(
          "ALL",
          "SYS_ADMIN",
          "SYS_MODULE",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "NET_ADMIN",
          "DAC_READ_SEARCH",
          "BPF",
          "SYS_BOOT");
  private static final Pattern DANGEROUS_PATH =
      Pattern.compile(
          "/(?:|etc|proc|sys|dev|boot|root|home|usr|lib|var|var/lib/docker|var/run|run)/?");
  private static final Pattern ENGINE_SOCKET =
      Pattern.compile("(?:.*/)?(?:docker|podman|containerd|crio)\\.sock");
  private static final Pattern NO_PASSWORD =
      Pattern.compile("(?i)(?:.*_)?ALLOW_EMPTY_(?:ROOT_)?PASSWORD|POSTGRES_HOST_AUTH_METHOD");

  private final Places places;
  private final Set<Sighting> sightings = new LinkedHashSet<>();

  private ComposeChecks(Places places) {
    this.places = places;
  }

  /** A service that comes in twice by an anchor is reported once, at the anchor. */
  static List<Sighting> check(Map<String, Node> services, Places places) {
    ComposeChecks checks = new ComposeChecks(places);
    for (Node service : services.values()) {
      checks.service(ComposeFile.fields(service));
    }
    return List.copyOf(checks.sightings);
  }

  private void service(Map<String, Node> service) {
    isolation(service);
    for (Node capability : items(service, "cap_add")) {
      capability(capability);
    }
    for (Node option : items(service, "security_opt")) {
      String value = text(option).replace('=', ':').replace(" ", "");
      if (value.endsWith(":unconfined") || value.equals("label:disable")) {
        add(ContainerRule.COMPOSE_UNCONFINED, option, value);
      }
    }
    for (Node volume : items(service, "volumes")) {
      volume(volume);
    }
    for (Node port : items(service, "ports")) {
      port(port);
    }
    image(service);
    variables(service.get("environment"));
    Node build = service.get("build");
    if (build != null) {
      variables(ComposeFile.fields(build).get("args"));
    }
  }

  private void isolation(Map<String, Node> service) {
    flag(service, "privileged", "true", ContainerRule.COMPOSE_PRIVILEGED);
    flag(service, "network_mode", "host", ContainerRule.COMPOSE_HOST_NETWORK);
    flag(service, "pid", "host", ContainerRule.COMPOSE_HOST_NAMESPACE);
    flag(service, "ipc", "host", ContainerRule.COMPOSE_HOST_NAMESPACE);
    flag(service, "userns_mode", "host", ContainerRule.COMPOSE_HOST_NAMESPACE);
    Node user = service.get("user");
    if (user != null && text(user).matches("(?:root|0)(?::.*)?")) {
      add(ContainerRule.COMPOSE_ROOT_USER, user, "user: root");
    }
  }

  private void flag(Map<String, Node> service, String key, String bad, ContainerRule rule) {
    Node node = service.get(key);
    if (node != null && text(node).equalsIgnoreCase(bad)) {
      add(rule, node, key + ": " + bad);
    }
  }

  private void capability(Node node) {
    String upper = text(node).toUpperCase(Locale.ROOT);
    String name = upper.startsWith("CAP_") ? upper.substring(4) : upper;
    if (DANGEROUS_CAPABILITIES.contains(name)) {
      add(ContainerRule.COMPOSE_CAPABILITY, node, "cap_add: " + name);
    }
  }

  private void volume(Node node) {
    Node source = ComposeFile.fields(node).getOrDefault("source", node);
    String text = text(source);
    int colon = source.equals(node) ? text.indexOf(':') : -1;
    String path = colon < 0 ? text : text.substring(0, colon);
    if (ENGINE_SOCKET.matcher(path).matches()) {
      add(ContainerRule.COMPOSE_DOCKER_SOCKET, source, path);
    } else if (DANGEROUS_PATH.matcher(path).matches()) {
      add(ContainerRule.COMPOSE_HOST_PATH, source, path);
    }
  }

  private void port(Node node) {
    Optional<PublishedPort> port = PublishedPort.of(node);
    if (port.isPresent() && port.get().exposesDatabase()) {
      add(ContainerRule.COMPOSE_OPEN_PORT, node, "port " + port.get().container());
    }
  }

  private void image(Map<String, Node> service) {
    Node node = service.get("image");
    // With build, image is the name of the result.
    if (node == null || service.containsKey("build")) {
      return;
    }
    String image = ComposeFile.withDefaults(text(node));
    if (ImageReference.isPlain(image) && ImageReference.of(image).floats()) {
      add(ContainerRule.COMPOSE_UNPINNED_IMAGE, node, "image: " + image);
    }
  }

  private void variables(@Nullable Node node) {
    if (node == null) {
      return;
    }
    for (Map.Entry<String, Node> entry : ComposeFile.fields(node).entrySet()) {
      variable(entry.getKey(), text(entry.getValue()), entry.getValue());
    }
    for (Node item : ComposeFile.items(node)) {
      String text = text(item);
      int equals = text.indexOf('=');
      if (equals > 0) {
        variable(text.substring(0, equals), text.substring(equals + 1), item);
      }
    }
  }

  private void variable(String name, String value, Node node) {
    if (NO_PASSWORD.matcher(name).matches()) {
      if (value.matches("(?i)yes|true|1|trust")) {
        add(ContainerRule.COMPOSE_NO_PASSWORD, node, name + "=" + value);
      }
      return;
    }
    if (!SecretName.matches(name)) {
      return;
    }
    Matcher withDefault = ComposeFile.DEFAULT.matcher(value);
    if (withDefault.find()) {
      if (SecretName.isValue(withDefault.group(1))) {
        addValue(ContainerRule.COMPOSE_DEFAULT_PASSWORD, node, name);
      }
    } else if (SecretName.isValue(value) && !SecretName.isReference(value)) {
      addValue(ContainerRule.COMPOSE_PLAIN_PASSWORD, node, name);
    }
  }

  private void add(ContainerRule rule, Node node, String shown) {
    sightings.add(rule.setting(places.start(node), places.end(node), Mask.line(shown, 120)));
  }

  private void addValue(ContainerRule rule, Node node, String name) {
    String shown = Mask.line(name, 120) + "=***";
    sightings.add(rule.exposedValue(places.start(node), places.end(node), shown));
  }

  private static List<Node> items(Map<String, Node> service, String key) {
    Node node = service.get(key);
    return node == null ? List.of() : ComposeFile.items(node);
  }

  private static String text(Node node) {
    return ComposeFile.scalar(node).orElse("").strip();
  }
}
