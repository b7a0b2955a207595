package dev.drover.api;

import dev.drover.agent.AgentManifest.Effect;
import dev.drover.agent.Agents;
import dev.drover.json.Json;
import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Interventions.Deed;
import dev.drover.run.Interventions.Result;
import dev.drover.run.Rerun;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries;
import dev.drover.run.RunQueries.RunView;
import dev.drover.run.RunRequest;
import dev.drover.run.RunState;
import dev.drover.run.VersionChange;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code POST /api/runs/{id}/rerun}: opens a run that repeats one that has ended. */
final class RerunApi {
  private final RunsApi shown;
  private final RunQueries runs;
  private final Versions versions;
  private final RunOpener opener;
  private final Deeds deeds;

  RerunApi(RunsApi shown, RunQueries runs, Versions versions, RunOpener opener, Deeds deeds) {
    this.shown = shown;
    this.runs = runs;
    this.versions = versions;
    this.opener = opener;
    this.deeds = deeds;
  }

  /** Where versions of workflows and effects of agents are known. */
  record Versions(WorkflowRegistry workflows, WorkflowStore store, Agents agents) {
    boolean isOnce(AgentName agent) {
      return agents.find(agent).map(a -> a.manifest().effect() == Effect.ONCE).orElse(false);
    }
  }

  /** What was asked for. */
  private record Wish(Rerun.From from, boolean newest, boolean dry) {
    static Wish of(Fields fields) {
      boolean start = fields.word("from", "failed", "start").equals("start");
      return new Wish(
          start ? Rerun.From.START : Rerun.From.FAILED,
          fields.word("version", "same", "newest").equals("newest"),
          fields.flag("dryRun"));
    }
  }

  /** {@code {"from", "version", "dryRun", "by"}}; 202 with the plan, 200 if it is a dry run. */
  Answer rerun(Request request) {
    Fields fields = Fields.of(request, "from", "version", "dryRun", "by");
    Wish wish = Wish.of(fields);
    Optional<String> by = fields.by(request);
    RunView run = shown.require(request);
    refuse(run, wish);
    DeployedWorkflow version = version(run, wish);
    Rerun plan = plan(run, wish, version);
    Map<String, Object> inputs = Json.asObject(parse(run.inputs()));
    Map<String, Object> taken = taken(inputs, version);
    RunRequest next =
        opener
            .request(version, "rerun", Json.asObject(parse(run.trigger())), taken)
            .repeating(run.id());
    Map<String, Object> json = json(run, wish, next, plan);
    json.put("droppedInputs", inputs.keySet().stream().filter(i -> !taken.containsKey(i)).toList());
    return wish.dry ? Answer.ok(json) : open(next, plan, by, json);
  }

  private Answer open(RunRequest next, Rerun plan, Optional<String> by, Map<String, Object> json) {
    Map<String, Object> detail = new LinkedHashMap<>();
    List.of("from", "version").forEach(key -> detail.put(key, json.get(key)));
    detail.put("run", next.id().toString());
    RunId earlier = next.rerunOf().orElseThrow();
    Deed deed = new Deed(by, "rerun", earlier.toString(), detail);
    Result.Done done = deeds.done(earlier, deeds.interventions().rerun(next, plan.kept(), deed));
    deeds.dispatcher().opened(next);
    json.put("id", next.id().toString());
    json.put("state", done.state().name());
    return Answer.json(202, json);
  }

  private static Object parse(String json) {
    return Objects.requireNonNull(Json.parseTrusted(json));
  }

  private static void refuse(RunView run, Wish wish) {
    Map<String, Object> state = Map.of("state", run.state().name());
    if (run.endedAt() == null) {
      throw ApiProblem.conflict(
          "run " + run.id() + " has not ended: it is " + run.state() + "; cancel it first", state);
    } else if (run.state() == RunState.SUCCEEDED && wish.from == Rerun.From.FAILED) {
      throw ApiProblem.conflict(
          "run "
              + run.id()
              + " has SUCCEEDED: nothing of it failed; {\"from\":\"start\"} repeats"
              + " all of it",
          state);
    }
  }

  private DeployedWorkflow version(RunView run, Wish wish) {
    if (wish.newest) {
      return versions
          .workflows
          .active(run.version().project(), run.version().workflow())
          .map(WorkflowRegistry.Active::workflow)
          .orElseThrow(
              () ->
                  ApiProblem.conflict(
                      "workflow " + run.version().workflow() + " is not in force any more",
                      Map.of()));
    }
    return versions
        .workflows
        .look(run.version())
        .orElseThrow(
            () ->
                ApiProblem.conflict(
                    run.version() + " can't be read any more; {\"version\":\"newest\"} may help",
                    Map.of()));
  }

  private Rerun plan(RunView run, Wish wish, DeployedWorkflow version) {
    VersionChange change =
        version.id().equals(run.version())
            ? VersionChange.NONE
            : VersionChange.between(
                versions.store.content(run.version()).orElse(""),
                versions.store.content(version.id()).orElse(""));
    Rerun.Earlier earlier = Rerun.Earlier.of(runs.nodes(run.id()));
    return Rerun.plan(wish.from, earlier, version.workflow(), change, versions::isOnce);
  }

  /** Of the earlier inputs those that the version still takes. */
  private static Map<String, Object> taken(Map<String, Object> earlier, DeployedWorkflow version) {
    Map<String, Object> known =
        Json.asObject(version.workflow().inputs().schema().source().get("properties"));
    Map<String, Object> taken = new LinkedHashMap<>(earlier);
    taken.keySet().retainAll(known.keySet());
    return taken;
  }

  private static Map<String, Object> json(RunView run, Wish wish, RunRequest next, Rerun plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", null);
    json.put("rerunOf", run.id().toString());
    json.put("workflow", run.version().workflow().value());
    json.put("version", (long) next.version());
    json.put("from", wish.from == Rerun.From.START ? "start" : "failed");
    json.put("kept", plan.kept().stream().map(NodeId::value).toList());
    json.put("again", plan.again().stream().map(RerunApi::again).toList());
    json.put("missing", plan.missing().stream().map(RerunApi::missing).toList());
    json.put("onceAgain", plan.onceAgain().stream().map(NodeId::value).toList());
    return json;
  }

  private static Map<String, Object> again(Rerun.Again again) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", again.node().value());
    json.put("why", again.why());
    return json;
  }

  private static Map<String, Object> missing(Rerun.Missing missing) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", missing.reader().value());
    json.put("reads", "nodes." + missing.of() + ".output");
    json.put("comesAnew", missing.comesAnew());
    return json;
  }
}
