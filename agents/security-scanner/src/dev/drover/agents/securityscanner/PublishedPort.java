package dev.drover.agents.securityscanner;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** A port that a service publishes, in the short or the long form. */
record PublishedPort(String hostAddress, String container) {
  private static final Set<String> DATABASES =
      Set.of(
          "1433", "1521", "2375", "2376", "2379", "3306", "5432", "5984", "6379", "8086", "8529",
          "9042", "9200", "9300", "11211", "26257", "27017", "28015");

  static Optional<PublishedPort> of(Node node) {
    Optional<String> text = ComposeFile.scalar(node);
    if (text.isPresent()) {
      return Optional.of(parse(ComposeFile.withDefaults(text.get().strip())));
    }
    Map<String, Node> fields = ComposeFile.fields(node);
    Node target = fields.get("target");
    if (target == null) {
      return Optional.empty();
    }
    Node host = fields.get("host_ip");
    String address =
        host == null ? "" : ComposeFile.withDefaults(ComposeFile.scalar(host).orElse(""));
    return Optional.of(new PublishedPort(address, ComposeFile.scalar(target).orElse("")));
  }

  private static PublishedPort parse(String text) {
    int slash = text.indexOf('/');
    String ports = slash < 0 ? text : text.substring(0, slash);
    int last = ports.lastIndexOf(':');
    String container = ports.substring(last + 1);
    String host = last < 0 ? "" : ports.substring(0, last);
    int beforePort = host.lastIndexOf(':');
    return new PublishedPort(beforePort < 0 ? "" : host.substring(0, beforePort), container);
  }

  boolean exposesDatabase() {
    int dash = container.indexOf('-');
    return DATABASES.contains(dash < 0 ? container : container.substring(0, dash))
        && onEveryInterface();
  }

  private boolean onEveryInterface() {
    return hostAddress.isEmpty()
        || hostAddress.equals("0.0.0.0")
        || hostAddress.equals("[::]")
        || hostAddress.equals("::")
        || hostAddress.equals("*");
  }
}
