package dev.drover.api;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.run.RunRequest;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.workflow.Trigger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/webhooks/{path}}: opens a run of every workflow with that webhook trigger. */
final class WebhooksApi {
  private final WorkflowRegistry workflows;
  private final RunOpener opener;

  WebhooksApi(WorkflowRegistry workflows, RunOpener opener) {
    this.workflows = workflows;
    this.opener = opener;
  }

  Answer receive(Request request) {
    String path = request.path("path");
    List<Active> listening =
        workflows.active(request.project()).stream()
            .filter(active -> listens(active, path))
            .toList();
    if (listening.isEmpty()) {
      throw ApiProblem.notFound("no workflow has a webhook trigger with the path " + path);
    }
    Map<String, Object> webhook = new LinkedHashMap<>();
    webhook.put("path", path);
    webhook.put("body", body(request));
    webhook.put("query", request.queries());
    List<RunRequest> opened =
        opener.openAll(
            listening.stream().map(Active::workflow).toList(),
            "webhook",
            Map.of("type", "webhook", "webhook", webhook));
    return Answer.json(202, Map.of("runs", opened.stream().map(WebhooksApi::run).toList()));
  }

  private static Map<String, Object> run(RunRequest run) {
    return Map.of("id", run.id().toString(), "workflow", run.workflow().value());
  }

  private static boolean listens(Active active, String path) {
    return active.workflow().workflow().triggers().stream()
        .anyMatch(t -> t instanceof Trigger.Webhook webhook && webhook.path().equals(path));
  }

  /** JSON if it says so, else text. */
  private static @Nullable Object body(Request request) {
    if (request.isJson()) {
      return request.json();
    }
    String text = request.text();
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Json.parse(text);
    } catch (InvalidJson e) {
      return text;
    }
  }
}
