package dev.drover.api;

import dev.drover.run.OperatorQueries;
import org.apache.camel.builder.RouteBuilder;

/** What whoever operates Drover looks at beside runs. */
public final class OperatorRoutes extends RouteBuilder {
  private static final String OPERATION = "Operation";

  private final OperatorApi api;

  /** What the routes show. */
  public OperatorRoutes(OperatorQueries queries) {
    this.api = new OperatorApi(queries);
  }

  @Override
  public void configure() {
    list("approvals", "listApprovals", "Nodes that wait for an approval", api::approvals);
    list(
        "quarantine",
        "listQuarantine",
        "What could not be read and was set aside, newest first; what is of no project is shown"
            + " in the default one",
        api::quarantine);
    list("audit", "listAudit", "What people did, newest first", api::audit);
    rest("/api/servers")
        .tag(OPERATION)
        .get()
        .id("listServers")
        .description("The servers that share the database")
        .produces(Described.JSON)
        .param(Described.project())
        .responseMessages(Described.answers("200", "items; servers belong to no project"))
        .to(Handlers.endpoint(this, "listServers", api::servers));
  }

  private void list(String path, String id, String description, Handler handler) {
    rest("/api/" + path)
        .tag(OPERATION)
        .get()
        .id(id)
        .description(description)
        .produces(Described.JSON)
        .param(Described.project())
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers("200", Described.PAGE, "400", "A parameter has no such value"))
        .to(Handlers.endpoint(this, id, handler));
  }
}
