package dev.drover.workflow;

import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.name.WorkflowName;
import dev.drover.workflow.TemplateParts.Literal;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
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
  private final DocumentMap root;

  DocumentReading(Problems problems, AgentCheck agents, EndpointRules endpoints, DocumentMap root) {
    this.problems = problems;
    this.agents = agents;
    this.endpoints = endpoints;
    this.root = root;
  }

  /** The workflow; empty if there is any problem. */
  Optional<Workflow> workflow() {
    int before = problems.count();
    List<Trigger> triggers = triggers();
    Optional<Set<String>> triggerFields =
        problems.count() == before ? Optional.of(TriggerData.fieldsOf(triggers)) : Optional.empty();
    Inputs inputs = inputs();
    List<NodeDraft> drafts = drafts();
    GraphCheck graph = new GraphCheck(problems, drafts, keys("nodes"));
    ReadRules rules = new ReadRules(keys("nodes"), graph.upstream(), keys("inputs"), triggerFields);
    ExpressionCompiler expressions = new ExpressionCompiler(problems, rules);
    TemplateCompiler templates = new TemplateCompiler(problems, expressions);
    Optional<WorkflowName> name = name();
    String description = root.text("description").map(YamlScalar::raw).orElse("");
    Map<NodeId, Node> nodes = new LinkedHashMap<>();
    drafts.forEach(d -> nodes.put(d.id(), node(d, graph, expressions, templates)));
    Map<String, Template> outputs = outputs(templates);
    return name.filter(n -> problems.isEmpty())
        .map(
            n ->
                new Workflow(
                    n,
                    description,
                    triggers,
                    inputs,
                    nodes,
                    graph.graph(),
                    outputs,
                    Optional.empty(),
                    Optional.empty()));
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

  private List<Trigger> triggers() {
    return root.list("triggers")
        .map(list -> new TriggersReader(problems).read(list, "triggers"))
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

  private Node node(
      NodeDraft draft,
      GraphCheck graph,
      ExpressionCompiler expressions,
      TemplateCompiler templates) {
    Optional<Expression> when =
        draft
            .when()
            .flatMap(
                text ->
                    expressions.compileCondition(
                        new Place(text, 0, draft.pathOf("when")), text.raw(), reader(draft)));
    return new Node(
        draft.id(),
        graph.dependencies(draft),
        draft.runIf(),
        when,
        step(draft, templates),
        draft.timeout(),
        draft.continueOnError(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Step step(NodeDraft draft, TemplateCompiler templates) {
    Template with =
        draft
            .with()
            .map(value -> templates.compile(value, draft.pathOf("with"), reader(draft)))
            .orElseGet(() -> new Literal(Map.of()));
    YamlValue subject = draft.subject().orElseThrow();
    if (subject instanceof YamlScalar text && draft.kind().equals("to")) {
      endpoints
          .refusal(text.raw())
          .ifPresent(why -> problems.report(text.position(), draft.pathOf("to"), why));
      return new Step.To(text.raw(), with);
    }
    if (subject instanceof YamlScalar text && draft.kind().equals("agent")) {
      Optional<AgentName> agent = agents.check(draft, text);
      return agent.isPresent() ? new Step.Agent(agent.get(), with) : new Step.Value(with);
    }
    return new Step.Value(templates.compile(subject, draft.pathOf("value"), reader(draft)));
  }

  private static Optional<String> reader(NodeDraft draft) {
    return Optional.of(draft.id().value());
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
                      name, templates.compile(entry.value(), "outputs." + name, Optional.empty())));
    }
    return outputs;
  }
}
