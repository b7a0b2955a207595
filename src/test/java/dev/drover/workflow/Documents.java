package dev.drover.workflow;

import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import dev.drover.yaml.Problem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads workflow texts against a fixed set of agents and endpoints. */
final class Documents {
  private static final Map<String, Object> SCANNER_INPUT =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of(
              "target",
              Map.of("type", "string"),
              "depth",
              Map.of("type", "integer", "minimum", 1L),
              "options",
              Map.of(
                  "type",
                  "object",
                  "properties",
                  Map.of("strict", Map.of("type", "boolean")),
                  "additionalProperties",
                  false)),
          "required",
          List.of("target"),
          "additionalProperties",
          false);

  private Documents() {}

  static WorkflowReader reader() {
    Map<AgentName, AgentCatalog.Entry> agents = new LinkedHashMap<>();
    agents.put(
        new AgentName("scanner"),
        new AgentCatalog.Entry(JsonSchema.of(SCANNER_INPUT), false, Optional.empty()));
    agents.put(
        new AgentName("notifier"),
        new AgentCatalog.Entry(JsonSchema.of(Map.of("type", "object")), false, Optional.empty()));
    agents.put(
        new AgentName("deployer"),
        new AgentCatalog.Entry(JsonSchema.of(Map.of("type", "object")), true, Optional.empty()));
    agents.put(
        new AgentName("broken"),
        new AgentCatalog.Entry(
            JsonSchema.of(Map.of("type", "object")), false, Optional.of("node is not installed")));
    AgentCatalog catalog =
        new AgentCatalog() {
          @Override
          public Collection<AgentName> names() {
            return agents.keySet();
          }

          @Override
          public Optional<Entry> find(AgentName name) {
            return Optional.ofNullable(agents.get(name));
          }
        };
    return new WorkflowReader(
        catalog, new EndpointRules(List.of("direct:notify", "log:*")), Documents::cronProblem);
  }

  /** Six words are good enough for these tests. */
  private static Optional<String> cronProblem(String cron) {
    int fields = cron.split(" ", -1).length;
    return fields == 6 ? Optional.empty() : Optional.of("it has " + fields + " fields, not 6");
  }

  static Reading read(String text) {
    return reader().read("w.yaml", text);
  }

  /** The problems as an author sees them; none if the text is a valid workflow. */
  static List<String> problems(String text) {
    return read(text) instanceof Reading.Invalid invalid
        ? invalid.problems().stream().map(Problem::toString).toList()
        : List.of();
  }

  static Workflow valid(String text) {
    Reading reading = read(text);
    if (reading instanceof Reading.Valid valid) {
      return valid.workflow();
    }
    throw new AssertionError(Problem.lines(((Reading.Invalid) reading).problems()));
  }
}
