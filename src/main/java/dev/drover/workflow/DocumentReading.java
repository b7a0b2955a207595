package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.name.WorkflowName;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The reading of one document: first its structure, then its graph, then its expressions, which
 * need both. What could not be read is left out, so that the rest is still checked.
 */
final class DocumentReading {
  private final Problems problems;
  private final AgentCheck agents;
  private final EndpointRules endpoints;
  private final CronRules crons;
  private final DocumentMap root;

  DocumentReading(
      Problems problems,
      AgentCheck agents,
      EndpointRules endpoints,
      CronRules crons,
      DocumentMap root) {
    this.problems = problems;
    this.agents = agents;
    this.endpoints = endpoints;
    this.crons = crons;
    this.root = root;
  }

  /** The workflow; empty if there is any problem. */
  Optional<Workflow> workflow() {
    Optional<WorkflowName> name = name();
    Inputs inputs = inputs();
    int before = problems.count();
    List<Trigger> triggers = triggers(inputs);
    Optional<Set<String>> triggerFields =
        problems.count() == before ? Optional.of(TriggerData.fieldsOf(triggers)) : Optional.empty();
    List<NodeDraft> drafts = drafts();
    GraphCheck graph = new GraphCheck(problems, drafts, keys("nodes"));
    ReadRules rules = new ReadRules(keys("nodes"), graph.upstream(), keys("inputs"), triggerFields);
    ExpressionCompiler expressions = new ExpressionCompiler(problems, rules);
    TemplateCompiler templates = new TemplateCompiler(problems, expressions);
    StepCompiler steps =
        new StepCompiler(
            problems, agents, endpoints, templates, new StepCompiler.About(name, triggerFields));
    NodeCompiler compiler = new NodeCompiler(problems, agents, expressions, templates, steps);
    Map<NodeId, Node> nodes = new LinkedHashMap<>();
    drafts.forEach(d -> nodes.put(d.id(), compiler.compile(d, graph.dependencies(d))));
    return whole(name, new Parts(triggers, inputs, nodes, graph.graph()), templates);
  }

  private record Parts(
      List<Trigger> triggers, Inputs inputs, Map<NodeId, Node> nodes, Graph graph) {}

  private Optional<Workflow> whole(
      Optional<WorkflowName> name, Parts parts, TemplateCompiler templates) {
    String description = root.text("description").map(YamlScalar::raw).orElse("");
    Map<String, Template> outputs = outputs(templates);
    Optional<Concurrency> concurrency = new ConcurrencyReader(problems, templates).read(root);
    Optional<Duration> timeout = root.duration("timeout");
    Optional<SpendingLimit> budget = new SpendingLimitReader(problems).read(root);
    return name.filter(n -> problems.isEmpty())
        .map(
            n ->
                new Workflow(
                    n,
                    description,
                    parts.triggers(),
                    parts.inputs(),
                    parts.nodes(),
                    parts.graph(),
                    outputs,
                    concurrency,
                    timeout,
                    budget));
  }

  private Optional<WorkflowName> name() {
    YamlScalar name = root.text("name").orElse(null);
    if (name == null || WorkflowName.isValid(name.raw())) {
      return Optional.ofNullable(name).map(n -> new WorkflowName(n.raw()));
    }
    problems.report(
        name.position(),
        "name",
        "not a workflow's name: " + Quote.of(name.raw()),
        WorkflowName.RULE);
    return Optional.empty();
  }

  private List<Trigger> triggers(Inputs inputs) {
    ScheduleReader schedules = new ScheduleReader(problems, crons, inputs);
    return root.list("triggers")
        .map(list -> new TriggersReader(problems, schedules).read(list, "triggers"))
        .orElse(List.of());
  }

  private Inputs inputs() {
    return root.map("inputs")
        .map(map -> new InputsReader(problems).read(map, "inputs"))
        .orElseGet(() -> InputsReader.none(problems));
  }

  private List<NodeDraft> drafts() {
    return root.map("nodes")
        .map(map -> new NodesReader(problems).read(map, root.keyPosition("nodes"), "nodes"))
        .orElse(List.of());
  }

  /** All keys under a key, also of what could not be read further. */
  private Set<String> keys(String key) {
    return root.get(key).orElse(null) instanceof YamlMap map
        ? new LinkedHashSet<>(map.entries().keySet())
        : Set.of();
  }

  private Map<String, Template> outputs(TemplateCompiler templates) {
    Map<String, Template> outputs = new LinkedHashMap<>();
    YamlMap map = root.map("outputs").orElse(null);
    if (map != null && map.entries().size() > Grammar.MAX_ENTRIES) {
      problems.report(
          map.position(), "outputs", "a workflow has at most " + Grammar.MAX_ENTRIES + " outputs");
    } else if (map != null) {
      map.entries()
          .forEach(
              (name, entry) ->
                  outputs.put(
                      name, templates.compile(entry.value(), "outputs." + name, Reader.OUTPUTS)));
    }
    return outputs;
  }
}
