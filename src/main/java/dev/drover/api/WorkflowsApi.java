package dev.drover.api;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunRequest;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.run.WorkflowStore;
import dev.drover.workflow.Node;
import dev.drover.workflow.Trigger;
import dev.drover.workflow.Workflow;
import dev.drover.yaml.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Workflows: submit, look at, and start by hand. */
final class WorkflowsApi {
  private final WorkflowRegistry workflows;
  private final WorkflowStore store;
  private final RunOpener opener;

  WorkflowsApi(WorkflowRegistry workflows, WorkflowStore store, RunOpener opener) {
    this.workflows = workflows;
    this.store = store;
    this.opener = opener;
  }

  /** {@code POST /api/workflows}: a YAML document; 201 new version, 200 unchanged, 422 problems. */
  Answer submit(Request request) {
    Submission submission =
        workflows.submit(request.project(), "request body", request.text(), "api");
    if (submission instanceof Submission.Rejected rejected) {
      throw new ApiProblem(
          422,
          "Invalid workflow",
          rejected.problems().size() + " problem(s) found; nothing was changed",
          Map.of("problems", problems(rejected.problems())));
    }
    Submission.Accepted accepted = (Submission.Accepted) submission;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", accepted.workflow().workflow().name().value());
    json.put("version", (long) accepted.workflow().version());
    json.put("created", accepted.created());
    json.put("warnings", problems(accepted.warnings()));
    return Answer.json(accepted.created() ? 201 : 200, json);
  }

  /** {@code GET /api/workflows}: all that are in force. */
  Answer list(Request request) {
    List<Object> items = new ArrayList<>();
    workflows.active(request.project()).forEach(active -> items.add(summary(active)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("items", items);
    json.put("next", null);
    return Answer.ok(json);
  }

  /** {@code GET /api/workflows/{name}}: one, with its nodes, edges and versions. */
  Answer get(Request request) {
    Active active = require(request);
    Workflow workflow = active.workflow().workflow();
    Map<String, Object> json = summary(active);
    json.put("triggers", workflow.triggers().stream().map(WorkflowsApi::trigger).toList());
    json.put("inputs", workflow.inputs().schema().source());
    json.put("defaults", workflow.inputs().complete(Map.of()));
    json.put("nodes", workflow.nodes().values().stream().map(WorkflowsApi::node).toList());
    json.put("edges", edges(workflow));
    json.put(
        "versions",
        store.versions(request.project(), workflow.name()).stream()
            .map(
                v ->
                    Map.of(
                        "version", v.version(),
                        "hash", v.hash(),
                        "createdAt", v.createdAt().toString()))
            .toList());
    return Answer.ok(json);
  }

  /** {@code POST /api/workflows/{name}/runs}: {@code {"inputs": {...}}}; 202 with the run's id. */
  Answer start(Request request) {
    Active active = require(request);
    Object body = request.json();
    if (body != null && !(body instanceof Map)) {
      throw ApiProblem.badRequest("the body must be an object such as {\"inputs\": {}}");
    }
    Map<String, Object> given = Json.asObject(body);
    for (String key : given.keySet()) {
      if (!key.equals("inputs")) {
        throw ApiProblem.badRequest("unknown field \"" + key + "\"; known is: inputs");
      }
    }
    Object inputs = given.get("inputs");
    if (inputs != null && !(inputs instanceof Map)) {
      throw ApiProblem.badRequest("inputs must be an object");
    }
    RunRequest opened =
        opener.open(
            active.workflow(),
            "manual",
            Map.of("type", "manual", "manual", Map.of()),
            Json.asObject(inputs));
    return Answer.json(202, Map.of("id", opened.id().toString()));
  }

  private Active require(Request request) {
    WorkflowName name = Names.workflow(request.path("name"));
    ProjectName project = request.project();
    return workflows
        .active(project, name)
        .orElseThrow(
            () -> ApiProblem.notFound("there is no workflow " + name + " in project " + project));
  }

  private static Map<String, Object> summary(Active active) {
    Workflow workflow = active.workflow().workflow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", workflow.name().value());
    json.put("project", active.workflow().project().value());
    json.put("description", workflow.description());
    json.put("version", (long) active.workflow().version());
    json.put("source", active.source());
    json.put("nodeCount", (long) workflow.nodes().size());
    return json;
  }

  private static Map<String, Object> node(Node node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", node.id().value());
    json.put("kind", node.step().kind());
    json.put("dependsOn", node.dependsOn().stream().map(NodeId::value).toList());
    json.put("runIf", node.runIf().word());
    node.when().ifPresent(when -> json.put("when", when.source()));
    node.timeout().ifPresent(timeout -> json.put("timeout", timeout.toString()));
    json.put("continueOnError", node.continueOnError());
    if (node.step() instanceof dev.drover.workflow.Step.Agent agent) {
      json.put("agent", agent.agent().value());
    } else if (node.step() instanceof dev.drover.workflow.Step.To to) {
      json.put("to", to.uri());
    }
    return json;
  }

  private static List<Map<String, Object>> edges(Workflow workflow) {
    List<Map<String, Object>> edges = new ArrayList<>();
    for (NodeId to : workflow.graph().nodes()) {
      for (NodeId from : workflow.graph().predecessors(to)) {
        edges.add(Map.of("from", from.value(), "to", to.value()));
      }
    }
    return edges;
  }

  /** As its author wrote it. */
  private static Map<String, Object> trigger(Trigger trigger) {
    if (trigger instanceof Trigger.Alert alert) {
      Map<String, Object> match = new TreeMap<>();
      alert.match().forEach((label, matcher) -> match.put(label, matcher(matcher)));
      String per = alert.per().name().toLowerCase(Locale.ROOT);
      return Map.of("type", "alert", "match", match, "per", per);
    } else if (trigger instanceof Trigger.Schedule schedule) {
      return Map.of("type", "schedule", "cron", schedule.cron(), "zone", schedule.zone().getId());
    }
    return Map.of("type", "webhook", "path", ((Trigger.Webhook) trigger).path());
  }

  private static Object matcher(Trigger.Matcher matcher) {
    return matcher instanceof Trigger.Matcher.Regex regex
        ? Map.of("regex", regex.pattern().pattern())
        : ((Trigger.Matcher.OneOf) matcher).values();
  }

  static List<Object> problems(List<Problem> problems) {
    List<Object> all = new ArrayList<>();
    for (Problem problem : problems) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("line", (long) problem.position().line());
      json.put("column", (long) problem.position().column());
      json.put("path", problem.path());
      json.put("message", problem.message());
      json.put("hint", problem.hint());
      all.add(json);
    }
    return all;
  }
}
