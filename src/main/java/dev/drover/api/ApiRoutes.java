package dev.drover.api;

import dev.drover.agent.Agents;
import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertReception;
import dev.drover.alert.AlertStore;
import dev.drover.alert.EpisodeState;
import dev.drover.alert.IntakeListener;
import dev.drover.run.CostQueries;
import dev.drover.run.Interventions;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunQueries;
import dev.drover.run.Tracing;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowStore;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;
import org.apache.camel.model.rest.RestDefinition;

/**
 * The REST API in Camel's REST DSL, from which the OpenAPI document is generated: workflows, agents
 * and alerts; {@link RunRoutes} and {@link OperatorRoutes} have the rest.
 */
public final class ApiRoutes extends RouteBuilder {
  private static final String JSON = Described.JSON;
  private static final String WORKFLOWS = "Workflows";
  private static final String AGENTS = "Agents";
  private static final String ALERTS = "Alerts";

  private static final String WORKFLOW_NAME = "A workflow's name";
  private static final String PERSON = "{\"by\":\"Ada\"}";
  private static final String NOTIFICATION =
      "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"DiskWillFill\"}}]}";

  private final WorkflowsApi workflows;
  private final AgentsApi agents;
  private final AlertsApi alerts;
  private final WebhooksApi webhooks;

  /** What the API shows and starts. */
  public ApiRoutes(Engine engine, Agents agents, Intake intake) {
    RunOpener opener = new RunOpener(engine.dispatcher(), engine.ids(), engine.tracing());
    Deeds deeds = new Deeds(engine.interventions(), engine.dispatcher());
    this.workflows =
        new WorkflowsApi(
            engine.workflows(),
            engine.workflowStore(),
            opener,
            deeds,
            new CostsApi(engine.costs()));
    this.agents = new AgentsApi(agents);
    this.alerts = new AlertsApi(intake, engine.dispatcher());
    this.webhooks = new WebhooksApi(engine.workflows(), opener);
  }

  /** Workflows and runs. */
  public record Engine(
      WorkflowRegistry workflows,
      WorkflowStore workflowStore,
      RunQueries runs,
      CostQueries costs,
      Interventions interventions,
      RunDispatcher dispatcher,
      Supplier<UUID> ids,
      Tracing tracing) {}

  /** Alerts. */
  public record Intake(
      AlertReception reception, AlertIntake intake, AlertStore store, IntakeListener listener) {}

  @Override
  public void configure() {
    restConfiguration()
        .component("platform-http")
        .bindingMode(RestBindingMode.off)
        .inlineRoutes(false)
        .apiContextPath("/api/openapi.json")
        .apiProperty("api.title", "Drover")
        .apiProperty("api.version", "1")
        .apiProperty(
            "api.description",
            "Workflows, runs, agents and alerts. Errors are problem documents (RFC 9457) of type"
                + " application/problem+json.")
        .apiProperty("api.license.name", "Apache-2.0")
        // No scheme, so no server is named: OpenAPI's default then is the server that is asked.
        .apiProperty("schemes", ",");
    workflows();
    agents();
    episodes();
    deliveries();
    alertmanager();
    webhook();
  }

  private void workflows() {
    RestDefinition rest = rest("/api/workflows").tag(WORKFLOWS);
    rest.get()
        .id("listWorkflows")
        .description("Workflows that are in force")
        .produces(JSON)
        .param(Described.project())
        .responseMessages(Described.answers("200", "items"))
        .to(handler("listWorkflows", workflows::list));
    rest.post()
        .id("submitWorkflow")
        .description("Put a workflow in force")
        .consumes("application/yaml")
        .produces(JSON)
        .param(Described.project())
        .param(Described.yaml("The workflow's document", "name: hello"))
        .responseMessages(
            Described.answers(
                "200", "Unchanged: this is the version in force",
                "201", "A new version is in force",
                "413", "The body is too large",
                "422", "The document has problems, all listed in problems; nothing was changed"))
        .to(handler("submitWorkflow", workflows::submit));
    workflow(rest);
  }

  private void workflow(RestDefinition rest) {
    rest.get("/{name}")
        .id("getWorkflow")
        .description("One workflow with its triggers, inputs, nodes, edges, cost and versions")
        .produces(JSON)
        .params(List.of(Described.path("name", WORKFLOW_NAME), Described.project()))
        .responseMessages(
            Described.answers("200", "The workflow", "400", "No name", "404", "No such workflow"))
        .to(handler("getWorkflow", workflows::get));
    rest.post("/{name}/runs")
        .id("startRun")
        .description("Start a run by hand")
        .consumes(JSON)
        .produces(JSON)
        .type(StartRun.class)
        .params(List.of(Described.path("name", WORKFLOW_NAME), Described.project()))
        .param(Described.json("May be absent", false, "{\"inputs\":{\"usedPercent\":93}}"))
        .responseMessages(
            Described.answers(
                "202", "The run is durable: its id",
                "400", "The body is not JSON, or has other fields than inputs",
                "404", "No such workflow",
                "413", "The body is too large",
                "422", "The inputs do not fit the workflow's; problems says why"))
        .to(handler("startRun", workflows::start));
    pause(rest);
  }

  private void pause(RestDefinition rest) {
    rest.post("/{name}/pause")
        .id("pauseWorkflow")
        .description("Let a workflow's new runs wait, visible as QUEUED, until it is resumed")
        .consumes(JSON)
        .produces(JSON)
        .type(Person.class)
        .params(List.of(Described.path("name", WORKFLOW_NAME), Described.project()))
        .param(Described.json("May be absent", false, PERSON))
        .responseMessages(
            Described.answers(
                "200", "It is paused; runs that have begun go on",
                "400", "No name, or the body has other fields than by",
                "404", "No such workflow"))
        .to(handler("pauseWorkflow", workflows::pause));
    rest.post("/{name}/resume")
        .id("resumeWorkflow")
        .description("Let the runs of a paused workflow begin")
        .consumes(JSON)
        .produces(JSON)
        .type(Person.class)
        .params(List.of(Described.path("name", WORKFLOW_NAME), Described.project()))
        .param(Described.json("May be absent", false, PERSON))
        .responseMessages(
            Described.answers(
                "200", "It is not paused",
                "400", "No name, or the body has other fields than by",
                "404", "No such workflow"))
        .to(handler("resumeWorkflow", workflows::resume));
  }

  private void agents() {
    RestDefinition rest = rest("/api/agents").tag(AGENTS);
    rest.get()
        .id("listAgents")
        .description("Agents, and whether they can run here")
        .produces(JSON)
        .param(Described.project())
        .responseMessages(Described.answers("200", "items; agents belong to no project"))
        .to(handler("listAgents", agents::list));
    rest.post("/{name}/selftest")
        .id("selfTestAgent")
        .description("Test an agent now, and answer when the test has ended")
        .produces(JSON)
        .params(List.of(Described.path("name", "An agent's name"), Described.project()))
        .responseMessages(
            Described.answers(
                "200", "The agent with its new availability",
                "400", "No name",
                "404", "No such agent"))
        .to(handler("selfTestAgent", agents::selfTest));
  }

  private void episodes() {
    rest("/api/alerts")
        .tag(ALERTS)
        .get()
        .id("listEpisodes")
        .description("Episodes of alerts, newest first")
        .produces(JSON)
        .param(Described.project())
        .param(
            Described.oneOf(
                "state", "Only episodes in this state", Described.names(EpisodeState.values())))
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers("200", Described.PAGE, "400", "A parameter has no such value"))
        .to(handler("listEpisodes", alerts::episodes));
  }

  private void deliveries() {
    RestDefinition rest = rest("/api/deliveries").tag(ALERTS);
    rest.get()
        .id("listDeliveries")
        .description("Webhook bodies that were accepted, newest first")
        .produces(JSON)
        .param(Described.project())
        .param(
            Described.oneOf(
                "show", "Only those with such alerts", "all", "unmatched", "unreadable"))
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers("200", Described.PAGE, "400", "A parameter has no such value"))
        .to(handler("listDeliveries", alerts::deliveries));
    rest.post("/{id}/replay")
        .id("replayDelivery")
        .description("Match again those of its alerts that still fire and that no workflow wanted")
        .produces(JSON)
        .params(List.of(Described.path("id", "A delivery's id"), Described.project()))
        .responseMessages(
            Described.answers(
                "200", "No workflow wants them now either",
                "202", "Runs were opened",
                "400", "Not a delivery's id",
                "404", "No such delivery"))
        .to(handler("replayDelivery", alerts::replay));
  }

  private void alertmanager() {
    RestDefinition rest = rest("/api/webhooks").tag(ALERTS);
    rest.post("/alertmanager")
        .id("alertmanager")
        .description("Prometheus Alertmanager's webhook")
        .consumes(JSON)
        .produces(JSON)
        .type(AlertNotification.class)
        .param(Described.project())
        .param(Described.json("Alertmanager's notification", true, NOTIFICATION))
        .responseMessages(Described.intake())
        .to(handler("alertmanager", alerts::receive));
    rest.post("/alertmanager/{project}")
        .id("alertmanagerOfProject")
        .description("The same for one project, for senders that can't add a query")
        .consumes(JSON)
        .produces(JSON)
        .type(AlertNotification.class)
        .param(Described.path("project", "A project's name"))
        .param(Described.json("Alertmanager's notification", true, NOTIFICATION))
        .responseMessages(Described.intake())
        .to(handler("alertmanagerOfProject", alerts::receive));
  }

  private void webhook() {
    rest("/api/webhooks")
        .tag(ALERTS)
        .post("/{path}")
        .id("webhook")
        .description("Open a run of every workflow with this webhook trigger")
        .consumes(JSON)
        .produces(JSON)
        .type(WebhookBody.class)
        .params(List.of(Described.path("path", "The trigger's path"), Described.project()))
        .param(Described.json("Anything, text too: it is trigger.webhook.body", false, "{}"))
        .responseMessages(
            Described.answers(
                "202", "The runs are durable: their ids",
                "400", "The body says it is JSON, and is not",
                "404", "No workflow in force has this webhook trigger",
                "413", "The body is too large",
                "422", "A workflow that listens has an input without a default"))
        .to(handler("webhook", webhooks::receive));
  }

  private String handler(String id, Handler handler) {
    return Handlers.endpoint(this, id, handler);
  }
}
