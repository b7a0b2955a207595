package dev.drover.api;

import dev.drover.agent.Agents;
import dev.drover.run.RunState;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestDefinition;

/** What can be read about runs, and what people can do to them. */
public final class RunRoutes extends RouteBuilder {
  private static final String JSON = Described.JSON;
  private static final String RUNS = "Runs";
  private static final String RUN_ID = "A run's id";
  private static final String NODE_ID = "A node's id";
  private static final String ITEM =
      "Of one item of its forEach, counted from 0; undo or <number>/undo: of the undoing";

  private final RunsApi runs;
  private final RunControlApi control;
  private final RerunApi reruns;

  /** What the routes show and change. */
  public RunRoutes(ApiRoutes.Engine engine, Agents agents) {
    Deeds deeds = new Deeds(engine.interventions(), engine.dispatcher());
    this.runs = new RunsApi(engine.runs(), engine.workflows());
    this.control = new RunControlApi(runs, engine.workflows(), deeds);
    this.reruns =
        new RerunApi(
            runs,
            engine.runs(),
            new RerunApi.Versions(engine.workflows(), engine.workflowStore(), agents),
            new RunOpener(engine.dispatcher(), engine.ids(), engine.tracing()),
            deeds);
  }

  @Override
  public void configure() {
    RestDefinition rest = rest("/api/runs").tag(RUNS);
    runs(rest);
    nodes(rest);
    cancel(rest);
    rerun(rest);
    decide(rest);
  }

  private void runs(RestDefinition rest) {
    rest.get()
        .id("listRuns")
        .description("Runs, newest first")
        .produces(JSON)
        .param(Described.project())
        .param(Described.query("workflow", "Only runs of this workflow"))
        .param(
            Described.oneOf("state", "Only runs in this state", Described.names(RunState.values())))
        .param(Described.query("parent", "Only runs that a node of this run has opened"))
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers("200", Described.PAGE, "400", "A parameter has no such value"))
        .to(handler("listRuns", runs::list));
    rest.get("/{id}")
        .id("getRun")
        .description("One run with its trigger, inputs, outputs, nodes and relations")
        .produces(JSON)
        .params(List.of(Described.path("id", RUN_ID), Described.project()))
        .responseMessages(
            Described.answers("200", "The run", "400", "Not a run's id", "404", "No such run"))
        .to(handler("getRun", runs::get));
  }

  private void nodes(RestDefinition rest) {
    rest.get("/{id}/nodes/{node}/log")
        .id("getLog")
        .description("What a node's attempts wrote to stderr; as text with Accept: text/plain")
        .produces("application/json,text/plain")
        .params(List.of(Described.path("id", RUN_ID), Described.path("node", NODE_ID)))
        .params(List.of(Described.project(), Described.query("item", ITEM)))
        .params(Described.page(1_000, 10_000))
        .responseMessages(
            Described.answers(
                "200", "A page of lines: items, and next (the first page only, if text)",
                "400", "A parameter has no such value",
                "404", "No such run, or it has no such node"))
        .to(handler("getLog", runs::log));
    rest.get("/{id}/nodes/{node}/attempts")
        .id("listAttempts")
        .description("The attempts of a node, in their order")
        .produces(JSON)
        .params(List.of(Described.path("id", RUN_ID), Described.path("node", NODE_ID)))
        .params(List.of(Described.project(), Described.query("item", ITEM)))
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers(
                "200", Described.PAGE,
                "400", "A parameter has no such value",
                "404", "No such run, or it has no such node"))
        .to(handler("listAttempts", runs::attempts));
  }

  private void cancel(RestDefinition rest) {
    rest.post("/{id}/cancel")
        .id("cancelRun")
        .description("Stop a run: what runs is stopped, what it did is undone")
        .consumes(JSON)
        .produces(JSON)
        .type(CancelRun.class)
        .params(List.of(Described.path("id", RUN_ID), Described.project()))
        .param(Described.json("May be absent", false, "{\"reason\":\"not needed\",\"by\":\"Ada\"}"))
        .responseMessages(
            Described.answers(
                "202", "It is being stopped: id and state. One that had not begun is CANCELLED",
                "400", "Not a run's id, or a field is unknown or not a text",
                "404", "No such run",
                "409", "It has ended: state"))
        .to(handler("cancelRun", control::cancel));
  }

  private void rerun(RestDefinition rest) {
    rest.post("/{id}/rerun")
        .id("rerunRun")
        .description("Open a run that repeats one that has ended, or tell what it would do")
        .consumes(JSON)
        .produces(JSON)
        .type(RepeatRun.class)
        .params(List.of(Described.path("id", RUN_ID), Described.project()))
        .param(
            Described.json("May be absent", false, "{\"from\":\"failed\",\"version\":\"newest\"}"))
        .responseMessages(
            Described.answers(
                "200", "Nothing was opened (dryRun): kept, again, missing, onceAgain",
                "202", "The new run is durable: its id, and the same",
                "400", "Not a run's id, or a field is unknown or has no such value",
                "404", "No such run",
                "409", "It has not ended, has nothing to repeat, or is being repeated already",
                "422", "The version needs inputs that the run did not have"))
        .to(handler("rerunRun", reruns::rerun));
  }

  private void decide(RestDefinition rest) {
    decide(rest, "approve", "Say yes to a node that waits for an approval", control::approve);
    decide(rest, "reject", "Say no to a node that waits for an approval", control::reject);
  }

  private void decide(RestDefinition rest, String verb, String description, Handler handler) {
    rest.post("/{id}/nodes/{node}/" + verb)
        .id(verb + "Node")
        .description(description)
        .consumes(JSON)
        .produces(JSON)
        .type(DecideNode.class)
        .params(List.of(Described.path("id", RUN_ID), Described.path("node", NODE_ID)))
        .param(Described.project())
        .param(
            Described.json(
                "May be absent where the credential has a user",
                false,
                "{\"comment\":\"go ahead\",\"by\":\"Ada\"}"))
        .responseMessages(
            Described.answers(
                "202", "The decision is durable",
                "400", "by is missing, or a field is unknown or not a text",
                "404", "No such run, or it has no such node",
                "409", "It does not wait for an approval, or somebody decided before: by whom"))
        .to(handler(verb + "Node", handler));
  }

  private String handler(String id, Handler handler) {
    return Handlers.endpoint(this, id, handler);
  }
}
