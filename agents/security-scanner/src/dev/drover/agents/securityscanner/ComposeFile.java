package dev.drover.agents.securityscanner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A Compose file as YAML nodes, which know their places; merge keys are followed. */
final class ComposeFile {

  /** The file can't be read as YAML. The message tells where, and quotes nothing of the file. */
  static final class NotYaml extends Exception {
    private static final long serialVersionUID = 1;

    NotYaml(String message) {
      super(message);
    }
  }

  /** A substitution with a default, which is its first group. */
  static final Pattern DEFAULT =
      Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]{0,199}:?-([^}$]{1,500})\\}");

  private static final Pattern OTHER_SUBSTITUTION =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]{0,199})[^}]{0,500}\\}");
  private static final int MOST_DEPTH = 100;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setLabel("compose").setMaxAliasesForCollections(1000).build();

  private ComposeFile() {}

  /** By its name: compose.yaml, docker-compose.prod.yml, web.compose.yml and the like. */
  static boolean isOne(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
    return yaml
        && (name.startsWith("docker-compose")
            || name.matches("compose(?:[.-].*)?\\.ya?ml")
            || name.matches(".*[.-]compose\\.ya?ml"));
  }

  /** The services by name, of all documents of the file. */
  static Map<String, Node> services(String yaml) throws NotYaml {
    try {
      checkDepth(yaml);
      Map<String, Node> services = new LinkedHashMap<>();
      for (Node document : new Compose(SETTINGS).composeAllFromString(yaml)) {
        Node found = fields(document).get("services");
        if (found != null) {
          services.putAll(fields(found));
        }
      }
      return services;
    } catch (MarkedYamlEngineException e) {
      throw new NotYaml(
          e.getProblemMark()
              .map(mark -> "not valid YAML at line " + (mark.getLine() + 1))
              .orElse("not valid YAML"));
    } catch (YamlEngineException e) {
      throw new NotYaml("not valid YAML");
    }
  }

  /** The entries of a mapping, with those that it merges in; empty for any other node. */
  static Map<String, Node> fields(Node node) {
    Map<String, Node> fields = new LinkedHashMap<>();
    collect(node, fields, 0);
    return fields;
  }

  /** The items of a sequence; empty for any other node. */
  static List<Node> items(Node node) {
    return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
  }

  static Optional<String> scalar(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  /** The text with the defaults put in; a substitution without default becomes {@code $NAME}. */
  static String withDefaults(String text) {
    String replaced = DEFAULT.matcher(text).replaceAll("$1");
    return OTHER_SUBSTITUTION.matcher(replaced).replaceAll("\\$$1");
  }

  private static void collect(Node node, Map<String, Node> into, int depth) {
    if (!(node instanceof MappingNode mapping) || depth > MOST_DEPTH) {
      return;
    }
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = scalar(tuple.getKeyNode()).orElse("");
      Node value = tuple.getValueNode();
      if (!key.equals("<<")) {
        into.putIfAbsent(key, value);
      } else if (value instanceof SequenceNode several) {
        merged.addAll(several.getValue());
      } else {
        merged.add(value);
      }
    }
    for (Node parent : merged) {
      collect(parent, into, depth + 1);
    }
  }

  /** Composing descends by recursion: a hostile nesting must not end the scan. */
  private static void checkDepth(String yaml) throws NotYaml {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(yaml)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {
          // The others don't nest.
        }
      }
      if (depth > MOST_DEPTH) {
        throw new NotYaml("nested more than " + MOST_DEPTH + " deep");
      }
    }
  }
}
