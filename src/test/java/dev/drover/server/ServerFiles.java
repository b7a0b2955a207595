package dev.drover.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes what a {@link RunningServer} finds in its folders. */
record ServerFiles(Path home) {
  /** An agent that is a shell script; {@code manifest} are further lines of its manifest. */
  ServerFiles agent(String name, String script, String... manifest) {
    write("agents/" + name + "/run.sh", script);
    String lines = String.join("\n", List.of(manifest));
    return write(
        "agents/" + name + "/agent.yaml", "name: " + name + "\ncommand: [sh, run.sh]\n" + lines);
  }

  /** A hand-written Camel route from that endpoint; {@code steps} are YAML. */
  ServerFiles route(String from, String... steps) {
    String name = from.replaceAll("[^a-z]", "-");
    String indented = String.join("\n", Stream.of(steps).map(s -> s.indent(8)).toList());
    return write(
        "routes/" + name + ".camel.yaml",
        "- route:\n    id: %s\n    from:\n      uri: %s\n      steps:\n%s"
            .formatted(name, from, indented));
  }

  ServerFiles write(String file, String content) {
    try {
      Path path = home.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
