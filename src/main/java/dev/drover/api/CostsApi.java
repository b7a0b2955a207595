package dev.drover.api;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.CostQueries;
import dev.drover.run.CostQueries.CostView;
import dev.drover.run.CostQueries.Filter;
import dev.drover.run.CostQueries.Side;
import dev.drover.run.Usage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What agents have cost, and how it is written wherever it is shown. */
final class CostsApi {
  private static final int USUAL_DAYS = 30;
  private static final int MOST_DAYS = 366;

  private final CostQueries costs;

  CostsApi(CostQueries costs) {
    this.costs = costs;
  }

  /** {@code GET /api/costs}: of a project or a workflow, by workflow, agent or day. */
  Answer list(Request request) {
    Side side = request.query("by").map(CostsApi::side).orElse(Side.WORKFLOW);
    Filter filter = filter(request);
    int limit = request.limit(50, 500);
    Optional<String> after = request.query("after");
    after.ifPresent(key -> check(side, key));
    String name = word(side);
    List<CostView> found = costs.by(side, filter, limit + 1, after);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", filter.from().toString());
    json.put("to", filter.to().toString());
    json.put("total", sums(costs.total(filter)));
    json.putAll(Page.json(found, limit, cost -> item(name, cost), CostView::key));
    return Answer.ok(json);
  }

  /** A page begins after what a page can end with. */
  private static void check(Side side, String key) {
    Object unused =
        switch (side) {
          case DAY -> day("after", key);
          case WORKFLOW -> Names.workflow(key);
          case AGENT -> Names.agent(key);
        };
  }

  private static Map<String, Object> item(String name, CostView cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(name, cost.key());
    json.putAll(sums(cost));
    return json;
  }

  private Filter filter(Request request) {
    LocalDate to = request.query("to").map(day -> day("to", day)).orElseGet(costs::today);
    LocalDate from =
        request
            .query("from")
            .map(day -> day("from", day))
            .orElseGet(() -> to.minusDays(USUAL_DAYS - 1));
    if (from.isAfter(to)) {
      throw ApiProblem.badRequest("from, " + from + ", is after to, " + to);
    } else if (from.plusDays(MOST_DAYS).compareTo(to) <= 0) {
      throw ApiProblem.badRequest("from and to must be at most " + MOST_DAYS + " days");
    }
    return new Filter(request.project(), request.query("workflow").map(Names::workflow), from, to);
  }

  private static LocalDate day(String name, String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= 1970 && day.getYear() <= 9999) {
        return day;
      }
    } catch (DateTimeParseException e) {
      throw notADay(name);
    }
    throw notADay(name);
  }

  private static ApiProblem notADay(String name) {
    return ApiProblem.badRequest(name + " must be a day such as 2026-11-27");
  }

  private static Side side(String text) {
    return Arrays.stream(Side.values())
        .filter(side -> word(side).equals(text))
        .findFirst()
        .orElseThrow(() -> ApiProblem.badRequest("by must be one of: workflow, agent, day"));
  }

  private static String word(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  /** What a workflow has cost today and in the last days. */
  Map<String, Object> ofWorkflow(ProjectName project, WorkflowName workflow) {
    LocalDate today = costs.today();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("today", of(project, workflow, today, today));
    json.put("last30Days", of(project, workflow, today.minusDays(USUAL_DAYS - 1), today));
    return json;
  }

  private Map<String, Object> of(
      ProjectName project, WorkflowName workflow, LocalDate from, LocalDate to) {
    return sums(costs.total(new Filter(project, Optional.of(workflow), from, to)));
  }

  private static Map<String, Object> sums(CostView cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attempts", cost.attempts());
    put(json, cost.usage());
    return json;
  }

  /** Adds what was used; null if that is not known. */
  static void put(Map<String, Object> json, @Nullable Usage usage) {
    json.put(
        "executionSeconds",
        usage == null ? null : amount(BigDecimal.valueOf(usage.executed().toMillis(), 3)));
    json.put("cost", usage == null ? null : amount(usage.cost()));
  }

  /** Without zeros that say nothing. */
  private static BigDecimal amount(BigDecimal value) {
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }
}
