package dev.drover.api;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.OperatorQueries;
import dev.drover.run.OperatorQueries.ApprovalView;
import dev.drover.run.OperatorQueries.DeedView;
import dev.drover.run.OperatorQueries.NodeOfRun;
import dev.drover.run.OperatorQueries.ServerView;
import dev.drover.run.OperatorQueries.SetAsideView;
import dev.drover.run.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What waits for a person, what was set aside, who did what, and which servers there are. */
final class OperatorApi {
  private final OperatorQueries queries;

  OperatorApi(OperatorQueries queries) {
    this.queries = queries;
  }

  /** {@code GET /api/approvals}: nodes that wait for an approval, newest runs first. */
  Answer approvals(Request request) {
    int limit = request.limit(50, 500);
    List<ApprovalView> found =
        queries.approvals(
            request.project(), limit + 1, request.query("after").map(OperatorApi::position));
    return Page.of(
        found, limit, OperatorApi::approval, a -> a.node().run() + "." + a.node().node());
  }

  private static NodeOfRun position(String text) {
    int dot = text.indexOf('.');
    try {
      if (dot > 0) {
        return new NodeOfRun(RunId.of(text.substring(0, dot)), new NodeId(text.substring(dot + 1)));
      }
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest("after must be the \"next\" of an earlier page");
    }
    throw ApiProblem.badRequest("after must be the \"next\" of an earlier page");
  }

  private static Map<String, Object> approval(ApprovalView approval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", approval.node().run().toString());
    json.put("workflow", approval.version().workflow().value());
    json.put("version", (long) approval.version().version());
    json.put("node", approval.node().node().value());
    json.put("message", approval.message());
    json.put("since", approval.since().toString());
    json.put("until", approval.until() == null ? null : approval.until().toString());
    return json;
  }

  /** {@code GET /api/quarantine}: what could not be read, newest first. */
  Answer quarantine(Request request) {
    int limit = request.limit(50, 500);
    List<SetAsideView> found =
        queries.quarantine(request.project(), limit + 1, request.query("after").map(Names::id));
    return Page.of(found, limit, OperatorApi::setAside, item -> item.id().toString());
  }

  private static Map<String, Object> setAside(SetAsideView item) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", item.id().toString());
    json.put("at", item.at().toString());
    json.put("project", item.project());
    json.put("kind", item.kind());
    json.put("subject", item.subject());
    json.put("reason", item.reason());
    json.put("raw", item.raw());
    return json;
  }

  /** {@code GET /api/audit}: what people did, newest first. */
  Answer audit(Request request) {
    int limit = request.limit(50, 500);
    List<DeedView> found =
        queries.audit(request.project(), limit + 1, request.query("after").map(Names::id));
    return Page.of(found, limit, OperatorApi::deed, deed -> deed.id().toString());
  }

  private static Map<String, Object> deed(DeedView deed) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", deed.id().toString());
    json.put("at", deed.at().toString());
    json.put("who", deed.who());
    json.put("action", deed.action());
    json.put("subject", deed.subject());
    json.put("detail", deed.detail() == null ? Map.of() : Json.parseTrusted(deed.detail()));
    return json;
  }

  /** {@code GET /api/servers}: those that share the database. */
  Answer servers(Request request) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("items", queries.servers().stream().map(OperatorApi::server).toList());
    json.put("next", null);
    return Answer.ok(json);
  }

  private static Map<String, Object> server(ServerView server) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", server.id().toString());
    json.put("name", server.name());
    json.put("startedAt", server.startedAt().toString());
    json.put("leaseUntil", server.leaseUntil().toString());
    json.put("alive", server.alive());
    json.put("inFlight", server.inFlight());
    return json;
  }
}
