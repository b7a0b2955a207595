package dev.drover.deploy;

import dev.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of {@code deploy/}, read. */
final class Deployed {
  static final Path ROOT = Path.of("").toAbsolutePath();
  static final Path FOLDER = ROOT.resolve("deploy");

  private Deployed() {}

  static String text(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The configurations in YAML, by their path in the folder; without rules and their tests. */
  static List<String> configurations() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .map(file -> FOLDER.relativize(file).toString())
          .filter(name -> name.endsWith(".yml") || name.endsWith(".yaml"))
          .filter(name -> !name.startsWith("prometheus/rules/"))
          .filter(name -> !name.startsWith("prometheus/tests/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Object yaml(String file) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    return new Load(settings).loadFromString(text(file));
  }

  /** What is at that place: keys of objects and indices of lists, with dots between. */
  static Object at(Object value, String path) {
    Object found = value;
    for (String part : path.split("\\.", -1)) {
      found =
          found instanceof List<?> list
              ? list.get(Integer.parseInt(part))
              : object(found).get(part);
    }
    return found;
  }

  static Map<String, Object> object(Object value) {
    return value == null ? Map.of() : Json.asObject(value);
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return value == null ? List.of() : (List<Object>) value;
  }

  static List<String> strings(Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  /** The services of {@code compose.yaml} by name, each with what it takes over by a merge key. */
  static Map<String, Map<String, Object>> services() {
    Map<String, Map<String, Object>> services = new LinkedHashMap<>();
    object(at(yaml("compose.yaml"), "services"))
        .forEach(
            (name, own) -> {
              Map<String, Object> merged = new LinkedHashMap<>(object(object(own).get("<<")));
              merged.putAll(object(own));
              merged.remove("<<");
              services.put(name, merged);
            });
    return services;
  }

  /** The ports that a service publishes, by the number in the container. */
  static List<Integer> ports(Map<String, Object> service) {
    return strings(service.get("ports")).stream()
        .map(port -> Integer.valueOf(port.substring(port.lastIndexOf(':') + 1)))
        .toList();
  }
}
