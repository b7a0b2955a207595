package dev.drover.api;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries;
import dev.drover.run.RunQueries.AttemptView;
import dev.drover.run.RunQueries.LogPosition;
import dev.drover.run.RunQueries.LogView;
import dev.drover.run.RunQueries.NodeView;
import dev.drover.run.RunQueries.Origin;
import dev.drover.run.RunQueries.RelativeView;
import dev.drover.run.RunQueries.RunView;
import dev.drover.run.RunState;
import dev.drover.run.Slot;
import dev.drover.run.TraceParent;
import dev.drover.run.Usage;
import dev.drover.run.WorkflowRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be read about runs. */
final class RunsApi {
  /** Of the runs that have to do with one; {@code GET /api/runs?parent=} pages through them. */
  private static final int RELATIVES = 100;

  private static final Pattern ITEM = Pattern.compile("(\\d{1,9})?|undo|\\d{1,9}/undo");

  private final RunQueries runs;
  private final WorkflowRegistry workflows;

  RunsApi(RunQueries runs, WorkflowRegistry workflows) {
    this.runs = runs;
    this.workflows = workflows;
  }

  /** {@code GET /api/runs}: a page, newest first. */
  Answer list(Request request) {
    int limit = request.limit(50, 500);
    RunQueries.Filter filter =
        new RunQueries.Filter(
            request.project(),
            request.query("workflow").map(Names::workflow),
            request.query("state").map(RunsApi::state),
            request.query("parent").map(Names::run));
    List<RunView> page = runs.list(filter, limit + 1, request.query("after").map(Names::run));
    return Page.of(page, limit, RunsApi::summary, run -> run.id().toString());
  }

  /** {@code GET /api/runs/{id}}: everything about one run. */
  Answer get(Request request) {
    RunView run = require(request);
    Map<String, Object> json = summary(run);
    json.put("trigger", Json.parseTrusted(run.trigger()));
    json.put("inputs", Json.parseTrusted(run.inputs()));
    json.put("outputs", parsed(run.outputs()));
    json.put("error", parsed(run.error()));
    relations(run, json);
    json.put("nodes", nodes(run));
    return Answer.ok(json);
  }

  /** {@code GET /api/runs/{id}/nodes/{node}/log}: what the node's attempts wrote, a page. */
  Answer log(Request request) {
    RunView run = require(request);
    NodeId node = Names.node(request.path("node"));
    int limit = request.limit(1_000, 10_000);
    LogPosition after = request.query("after").map(RunsApi::position).orElse(LogPosition.START);
    List<LogView> page = runs.log(run.id(), item(request, node), after, limit + 1);
    if (page.isEmpty() && !workflows.nodes(run.version()).contains(node)) {
      throw ApiProblem.notFound("run " + run.id() + " has no node " + node);
    }
    if (request.prefersText()) {
      return Answer.text(
          page.stream().limit(limit).map(l -> l.text() + "\n").collect(Collectors.joining()));
    }
    return Page.of(
        page, limit, RunsApi::line, l -> l.position().attempt() + "." + l.position().line());
  }

  /** {@code GET /api/runs/{id}/nodes/{node}/attempts}: in their order. */
  Answer attempts(Request request) {
    RunView run = require(request);
    NodeId node = Names.node(request.path("node"));
    int limit = request.limit(50, 500);
    int after = request.query("after").map(RunsApi::number).orElse(0);
    List<AttemptView> page = runs.attempts(run.id(), item(request, node), after, limit + 1);
    if (page.isEmpty() && !workflows.nodes(run.version()).contains(node)) {
      throw ApiProblem.notFound("run " + run.id() + " has no node " + node);
    }
    return Page.of(page, limit, RunsApi::attempt, a -> Integer.toString(a.number()));
  }

  private static NodeItem item(Request request, NodeId node) {
    String item = request.query("item").orElse("");
    if (!ITEM.matcher(item).matches()) {
      throw ApiProblem.badRequest("item must be a number, undo, or <number>/undo");
    }
    return new NodeItem(node, item);
  }

  /** The run that a request's path names. */
  RunView require(Request request) {
    RunId id = Names.run(request.path("id"));
    return runs.find(request.project(), id)
        .orElseThrow(
            () ->
                ApiProblem.notFound("there is no run " + id + " in project " + request.project()));
  }

  private void relations(RunView run, Map<String, Object> json) {
    Origin origin = run.origin();
    json.put("parent", parent(origin));
    json.put("children", relatives(runs.children(run.id(), RELATIVES)));
    json.put("rerunOf", text(origin.rerunOf()));
    json.put("reruns", relatives(runs.reruns(run.id(), RELATIVES)));
    json.put("concurrency", concurrency(origin.slot()));
  }

  private static @Nullable Object parent(Origin origin) {
    NodeItem node = origin.parentNode();
    return origin.parent() == null || node == null
        ? null
        : Map.of(
            "run", origin.parent().toString(), "node", node.node().value(), "item", node.item());
  }

  private static @Nullable Object concurrency(@Nullable Slot slot) {
    return slot == null
        ? null
        : Map.of(
            "key", slot.key(),
            "limit", (long) slot.limit(),
            "overflow", slot.overflow().name().toLowerCase(Locale.ROOT));
  }

  private static List<Object> relatives(List<RelativeView> relatives) {
    List<Object> all = new ArrayList<>();
    for (RelativeView relative : relatives) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", relative.id().toString());
      json.put("workflow", relative.version().workflow().value());
      json.put("version", (long) relative.version().version());
      json.put("state", relative.state().name());
      if (relative.parentNode() != null) {
        json.put("node", relative.parentNode().node().value());
        json.put("item", relative.parentNode().item());
      }
      all.add(json);
    }
    return all;
  }

  /** In the author's order; those not reached yet are PENDING. */
  private List<Object> nodes(RunView run) {
    Map<NodeId, List<NodeView>> reached =
        runs.nodes(run.id()).stream().collect(Collectors.groupingBy(view -> view.id().node()));
    List<Object> all = new ArrayList<>();
    for (NodeId id : workflows.nodes(run.version())) {
      all.add(node(id, reached.getOrDefault(id, List.of())));
      reached.remove(id);
    }
    reached.forEach((id, views) -> all.add(node(id, views)));
    return all;
  }

  /** A node with its items and undoings, if it has any. */
  private static Map<String, Object> node(NodeId id, List<NodeView> views) {
    NodeView whole =
        views.stream().filter(view -> view.id().isWhole()).findFirst().orElse(NodeView.pending(id));
    Map<String, Object> json = node(whole);
    CostsApi.put(json, views.stream().map(NodeView::usage).reduce(Usage.NONE, Usage::plus));
    List<Object> items = new ArrayList<>();
    views.stream()
        .filter(view -> !view.id().isWhole())
        .sorted(Comparator.comparing(RunsApi::itemOrder))
        .forEach(
            view -> {
              Map<String, Object> item = node(view);
              CostsApi.put(item, view.usage());
              items.add(item);
            });
    if (!items.isEmpty()) {
      json.put("items", items);
    }
    return json;
  }

  /** Items by number, each before its undoing. */
  private static String itemOrder(NodeView view) {
    return "%12s".formatted(view.id().item().replaceAll("\\D", "")) + view.id().item();
  }

  private static Map<String, Object> summary(RunView run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", run.id().toString());
    json.put("project", run.version().project().value());
    json.put("workflow", run.version().workflow().value());
    json.put("version", (long) run.version().version());
    json.put("state", run.state().name());
    json.put("reason", run.reason());
    json.put("createdAt", run.createdAt().toString());
    json.put("startedAt", text(run.startedAt()));
    json.put("endedAt", text(run.endedAt()));
    CostsApi.put(json, run.usage());
    json.put("traceId", run.trace().map(TraceParent::traceId).orElse(null));
    return json;
  }

  private static Map<String, Object> node(NodeView node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", node.id().node().value());
    if (!node.id().isWhole()) {
      json.put("item", node.id().item());
    }
    json.put("state", node.state().name());
    json.put("attempts", (long) node.attempts());
    json.put("output", parsed(node.output()));
    json.put("error", parsed(node.error()));
    json.put("reason", node.reason());
    if (node.waitsFor() != null) {
      json.put("waitsFor", parsed(node.waitsFor()));
      json.put("until", text(node.wakeAt()));
    }
    json.put("startedAt", text(node.startedAt()));
    json.put("endedAt", text(node.endedAt()));
    return json;
  }

  private static Map<String, Object> attempt(AttemptView attempt) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", (long) attempt.number());
    json.put("agent", attempt.agent());
    json.put("runtime", attempt.runtime());
    json.put("state", attempt.state().name());
    json.put("exitCode", attempt.exitCode());
    json.put("error", parsed(attempt.error()));
    json.put("startedAt", attempt.startedAt().toString());
    json.put("endedAt", text(attempt.endedAt()));
    CostsApi.put(json, attempt.usage());
    return json;
  }

  private static Map<String, Object> line(LogView line) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attempt", (long) line.position().attempt());
    json.put("line", (long) line.position().line());
    json.put("at", line.at().toString());
    json.put("text", line.text());
    return json;
  }

  private static @Nullable Object parsed(@Nullable String json) {
    return json == null ? null : Json.parseTrusted(json);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static RunState state(String text) {
    try {
      return RunState.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest(
          "state must be one of " + List.of(RunState.values()) + ", not " + text);
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ApiProblem.badRequest("after must be the \"next\" of an earlier page");
    }
  }

  private static LogPosition position(String text) {
    String[] parts = text.split("\\.", -1);
    try {
      if (parts.length == 2) {
        return new LogPosition(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw ApiProblem.badRequest("after must be the \"next\" of an earlier page");
    }
    throw ApiProblem.badRequest("after must be the \"next\" of an earlier page");
  }
}
