package dev.drover.api;

import dev.drover.run.CostQueries;
import org.apache.camel.builder.RouteBuilder;

/** What agents have cost. */
public final class CostRoutes extends RouteBuilder {
  private final CostsApi costs;

  /** What the routes show. */
  public CostRoutes(CostQueries queries) {
    this.costs = new CostsApi(queries);
  }

  @Override
  public void configure() {
    rest("/api/costs")
        .tag("Costs")
        .get()
        .id("listCosts")
        .description("What the attempts of agents cost that ended on some days, in UTC")
        .produces(Described.JSON)
        .param(Described.project())
        .param(
            Described.oneOf("by", "What items are about", "workflow", "agent", "day")
                .defaultValue("workflow"))
        .param(Described.query("workflow", "Only those of this workflow's runs"))
        .param(Described.query("from", "The first day; 30 days with the last if not given"))
        .param(Described.query("to", "The last day; today if not given"))
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers(
                "200",
                "from, to, total of all of it, and a page: items, and next",
                "400",
                "A parameter has no such value, or more than 366 days are asked for"))
        .to(Handlers.endpoint(this, "listCosts", costs::list));
  }
}
