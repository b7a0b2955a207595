package dev.drover.api;

import dev.drover.agent.Agents;
import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertStore;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunQueries;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowStore;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;
import org.apache.camel.model.rest.RestParamType;

/** The REST API in Camel's REST DSL, from which the OpenAPI document is generated. */
public final class ApiRoutes extends RouteBuilder {
  private static final String JSON = "application/json";
  private static final String WORKFLOWS = "Workflows";
  private static final String RUNS = "Runs";
  private static final String AGENTS = "Agents";
  private static final String ALERTS = "Alerts";

  private final WorkflowsApi workflows;
  private final RunsApi runs;
  private final AgentsApi agents;
  private final AlertsApi alerts;
  private final WebhooksApi webhooks;

  /** What the API shows and starts. */
  public ApiRoutes(Engine engine, Agents agents, Intake intake) {
    RunOpener opener = new RunOpener(engine.dispatcher(), engine.ids());
    this.workflows = new WorkflowsApi(engine.workflows(), engine.workflowStore(), opener);
    this.runs = new RunsApi(engine.runs(), engine.workflows());
    this.agents = new AgentsApi(agents);
    this.alerts =
        new AlertsApi(intake.intake(), intake.store(), engine.dispatcher(), intake.counter());
    this.webhooks = new WebhooksApi(engine.workflows(), opener);
  }

  /** Workflows and runs. */
  public record Engine(
      WorkflowRegistry workflows,
      WorkflowStore workflowStore,
      RunQueries runs,
      RunDispatcher dispatcher,
      Supplier<UUID> ids) {}

  /** Alerts. */
  public record Intake(AlertIntake intake, AlertStore store, AlertCounter counter) {}

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
            "Workflows, runs, agents and alerts. Errors are problem documents (RFC 9457).");
    workflows();
    runs();
    agents();
    alerts();
  }

  private void workflows() {
    rest("/api/workflows")
        .tag(WORKFLOWS)
        .get()
        .id("listWorkflows")
        .description("Workflows that are in force")
        .produces(JSON)
        .param()
        .name("project")
        .type(RestParamType.query)
        .required(false)
        .defaultValue("default")
        .endParam()
        .to(handler("listWorkflows", workflows::list))
        .post()
        .id("submitWorkflow")
        .description("Put a workflow in force: 201 new version, 200 unchanged, 422 its problems")
        .consumes("application/yaml")
        .produces(JSON)
        .to(handler("submitWorkflow", workflows::submit))
        .get("/{name}")
        .id("getWorkflow")
        .description("One workflow with its nodes, edges and versions")
        .produces(JSON)
        .to(handler("getWorkflow", workflows::get))
        .post("/{name}/runs")
        .id("startRun")
        .description("Start a run by hand: {\"inputs\": {...}}; 202 with its id")
        .consumes(JSON)
        .produces(JSON)
        .to(handler("startRun", workflows::start));
  }

  private void runs() {
    rest("/api/runs")
        .tag(RUNS)
        .get()
        .id("listRuns")
        .description("Runs, newest first")
        .produces(JSON)
        .param()
        .name("workflow")
        .type(RestParamType.query)
        .required(false)
        .endParam()
        .param()
        .name("state")
        .type(RestParamType.query)
        .required(false)
        .endParam()
        .param()
        .name("limit")
        .type(RestParamType.query)
        .dataType("integer")
        .required(false)
        .endParam()
        .param()
        .name("after")
        .type(RestParamType.query)
        .description("The \"next\" of the page before")
        .required(false)
        .endParam()
        .to(handler("listRuns", runs::list))
        .get("/{id}")
        .id("getRun")
        .description("One run with its trigger, inputs, outputs and nodes")
        .produces(JSON)
        .to(handler("getRun", runs::get))
        .get("/{id}/nodes/{node}/log")
        .id("getLog")
        .description("What a node's attempts wrote to stderr; text/plain if asked for")
        .produces("application/json,text/plain")
        .to(handler("getLog", runs::log));
  }

  private void agents() {
    rest("/api/agents")
        .tag(AGENTS)
        .get()
        .id("listAgents")
        .description("Agents, and whether they can run here")
        .produces(JSON)
        .to(handler("listAgents", agents::list))
        .post("/{name}/selftest")
        .id("selfTestAgent")
        .description("Test an agent now")
        .produces(JSON)
        .to(handler("selfTestAgent", agents::selfTest));
  }

  private void alerts() {
    rest("/api/alerts")
        .tag(ALERTS)
        .get()
        .id("listEpisodes")
        .description("Episodes of alerts, newest first")
        .produces(JSON)
        .to(handler("listEpisodes", alerts::episodes));
    rest("/api/deliveries")
        .tag(ALERTS)
        .get()
        .id("listDeliveries")
        .description("Deliveries, newest first; show=unmatched or unreadable for those only")
        .produces(JSON)
        .to(handler("listDeliveries", alerts::deliveries))
        .post("/{id}/replay")
        .id("replayDelivery")
        .description("Match again what no workflow wanted")
        .produces(JSON)
        .to(handler("replayDelivery", alerts::replay));
    rest("/api/webhooks")
        .tag(ALERTS)
        .post("/alertmanager")
        .id("alertmanager")
        .description("Prometheus Alertmanager's webhook: 202 work was queued, 200 nothing to do")
        .consumes(JSON)
        .produces(JSON)
        .to(handler("alertmanager", alerts::receive))
        .post("/alertmanager/{project}")
        .id("alertmanagerOfProject")
        .description("The same for a project other than \"default\"")
        .consumes(JSON)
        .produces(JSON)
        .to(handler("alertmanagerOfProject", alerts::receive))
        .post("/{path}")
        .id("webhook")
        .description("Opens a run of every workflow with this webhook trigger")
        .produces(JSON)
        .to(handler("webhook", webhooks::receive));
  }

  private String handler(String id, Handler handler) {
    String endpoint = "direct:api/" + id;
    from(endpoint).routeId("api/" + id).process(new HttpAdapter(handler));
    return endpoint;
  }
}
