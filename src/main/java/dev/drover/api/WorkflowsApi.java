package dev.drover.api;

import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Interventions.Deed;
import dev.drover.run.RunRequest;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.run.WorkflowStore;
import dev.drover.yaml.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Workflows: submit, look at, and start by hand. */
final class WorkflowsApi {
  private final WorkflowRegistry workflows;
  private final WorkflowStore store;
  private final RunOpener opener;
  private final Deeds deeds;
  private final CostsApi costs;

  WorkflowsApi(
      WorkflowRegistry workflows,
      WorkflowStore store,
      RunOpener opener,
      Deeds deeds,
      CostsApi costs) {
    this.workflows = workflows;
    this.store = store;
    this.opener = opener;
    this.deeds = deeds;
    this.costs = costs;
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
    workflows.active(request.project()).forEach(active -> items.add(WorkflowView.summary(active)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("items", items);
    json.put("next", null);
    return Answer.ok(json);
  }

  /** {@code GET /api/workflows/{name}}: one, with its nodes, edges, cost and versions. */
  Answer get(Request request) {
    Active active = require(request);
    Map<String, Object> json = WorkflowView.whole(active);
    json.put("cost", costs.ofWorkflow(request.project(), active.workflow().workflow().name()));
    json.put(
        "versions",
        store.versions(request.project(), active.workflow().workflow().name()).stream()
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

  /** {@code POST /api/workflows/{name}/pause}: its new runs wait, visible as QUEUED. */
  Answer pause(Request request) {
    return pause(request, true);
  }

  /** {@code POST /api/workflows/{name}/resume}: what waited for that begins. */
  Answer resume(Request request) {
    return pause(request, false);
  }

  private Answer pause(Request request, boolean paused) {
    WorkflowName name = Names.workflow(request.path("name"));
    Fields fields = Fields.of(request, "by");
    Deed deed = new Deed(fields.by(request), paused ? "pause" : "resume", name.value(), Map.of());
    ProjectName project = request.project();
    boolean known = paused ? workflows.pause(project, name) : workflows.resume(project, name);
    if (!known) {
      throw ApiProblem.notFound("there is no workflow " + name + " in project " + project);
    }
    deeds.interventions().note(project, deed);
    deeds.dispatcher().wake();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name.value());
    json.put("paused", paused);
    return Answer.ok(json);
  }

  private Active require(Request request) {
    WorkflowName name = Names.workflow(request.path("name"));
    ProjectName project = request.project();
    return workflows
        .active(project, name)
        .orElseThrow(
            () -> ApiProblem.notFound("there is no workflow " + name + " in project " + project));
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
