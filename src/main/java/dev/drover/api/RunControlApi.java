package dev.drover.api;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.run.Interventions.Result;
import dev.drover.run.Interventions.Verdict;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries.RunView;
import dev.drover.run.WorkflowRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people tell runs: stop, yes, no. */
final class RunControlApi {
  private final RunsApi runs;
  private final WorkflowRegistry workflows;
  private final Deeds deeds;

  RunControlApi(RunsApi runs, WorkflowRegistry workflows, Deeds deeds) {
    this.runs = runs;
    this.workflows = workflows;
    this.deeds = deeds;
  }

  /** {@code POST /api/runs/{id}/cancel}: {@code {"reason", "by"}}; 202, 409 if it has ended. */
  Answer cancel(Request request) {
    RunId run = Names.run(request.path("id"));
    Fields fields = Fields.of(request, "reason", "by");
    Optional<String> by = fields.by(request);
    Optional<String> reason = fields.text("reason");
    ProjectName project = request.project();
    Result.Done done = deeds.done(run, deeds.interventions().cancel(project, run, by, reason));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", run.toString());
    json.put("state", done.state().name());
    return Answer.json(202, json);
  }

  /** {@code POST /api/runs/{id}/nodes/{node}/approve}: {@code {"comment", "by"}}. */
  Answer approve(Request request) {
    return decide(request, true);
  }

  /** {@code POST /api/runs/{id}/nodes/{node}/reject}: {@code {"comment", "by"}}. */
  Answer reject(Request request) {
    return decide(request, false);
  }

  private Answer decide(Request request, boolean approved) {
    NodeId node = Names.node(request.path("node"));
    Fields fields = Fields.of(request, "comment", "by");
    Optional<String> comment = fields.text("comment");
    String by =
        fields
            .by(request)
            .orElseThrow(() -> ApiProblem.badRequest("by is missing: say who decides"));
    RunView run = runs.require(request);
    List<NodeId> nodes = workflows.nodes(run.version());
    if (!nodes.isEmpty() && !nodes.contains(node)) {
      throw ApiProblem.notFound("run " + run.id() + " has no node " + node);
    }
    Result.Done done =
        deeds.done(
            run.id(),
            deeds
                .interventions()
                .decide(request.project(), run.id(), node, new Verdict(approved, by, comment)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run.id().toString());
    json.put("node", node.value());
    json.put("decision", approved ? "approved" : "rejected");
    json.put("by", by);
    json.put("state", done.state().name());
    return Answer.json(202, json);
  }
}
