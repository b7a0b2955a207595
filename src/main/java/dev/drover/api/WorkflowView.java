package dev.drover.api;

import dev.drover.name.NodeId;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.workflow.Concurrency;
import dev.drover.workflow.Node;
import dev.drover.workflow.Retry;
import dev.drover.workflow.SpendingLimit;
import dev.drover.workflow.Step;
import dev.drover.workflow.Templates;
import dev.drover.workflow.Trigger;
import dev.drover.workflow.Undo;
import dev.drover.workflow.Workflow;
import dev.drover.yaml.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Workflows as JSON, in the words of the language in which their authors write them. */
final class WorkflowView {
  private WorkflowView() {}

  static Map<String, Object> summary(Active active) {
    Workflow workflow = active.workflow().workflow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", workflow.name().value());
    json.put("project", active.workflow().project().value());
    json.put("description", workflow.description());
    json.put("version", (long) active.workflow().version());
    json.put("source", active.source());
    json.put("paused", active.paused());
    json.put("nodeCount", (long) workflow.nodes().size());
    return json;
  }

  /** All but what belongs to its versions. */
  static Map<String, Object> whole(Active active) {
    Workflow workflow = active.workflow().workflow();
    Map<String, Object> json = summary(active);
    json.put("triggers", workflow.triggers().stream().map(WorkflowView::trigger).toList());
    json.put("inputs", workflow.inputs().schema().source());
    json.put("defaults", workflow.inputs().complete(Map.of()));
    workflow.concurrency().ifPresent(c -> json.put("concurrency", concurrency(c)));
    put(json, "timeout", workflow.timeout());
    workflow.budget().ifPresent(budget -> json.put("budget", budget(budget)));
    json.put("nodes", workflow.nodes().values().stream().map(WorkflowView::node).toList());
    json.put("edges", edges(workflow));
    return json;
  }

  private static void put(Map<String, Object> json, String key, Optional<Duration> duration) {
    duration.ifPresent(d -> json.put(key, DurationText.print(d)));
  }

  private static Map<String, Object> concurrency(Concurrency concurrency) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", Templates.source(concurrency.key()));
    json.put("limit", (long) concurrency.limit());
    json.put("overflow", word(concurrency.overflow()));
    return json;
  }

  private static Map<String, Object> budget(SpendingLimit limit) {
    Map<String, Object> json = new LinkedHashMap<>();
    limit.perRun().ifPresent(amount -> json.put("perRun", amount));
    limit.perDay().ifPresent(amount -> json.put("perDay", amount));
    return json;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> node(Node node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", node.id().value());
    json.put("kind", node.step().kind());
    json.put("dependsOn", node.dependsOn().stream().map(NodeId::value).toList());
    json.put("runIf", node.runIf().word());
    node.when().ifPresent(when -> json.put("when", when.source()));
    put(json, "timeout", node.timeout());
    json.put("continueOnError", node.continueOnError());
    json.putAll(step(node.step()));
    node.retry().ifPresent(retry -> json.put("retry", retry(retry)));
    node.forEach()
        .ifPresent(
            each -> {
              json.put("forEach", Templates.source(each.items()));
              json.put("maxParallel", (long) each.maxParallel());
            });
    node.undo().ifPresent(undo -> json.put("undo", undo(undo)));
    return json;
  }

  private static Map<String, Object> step(Step step) {
    if (step instanceof Step.Agent agent) {
      return Map.of("agent", agent.agent().value());
    } else if (step instanceof Step.To to) {
      return Map.of("to", to.uri());
    } else if (step instanceof Step.Call call) {
      return Map.of("workflow", call.workflow().value());
    } else if (step instanceof Step.Approval approval) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("message", Templates.source(approval.message()));
      put(json, "timeout", approval.timeout());
      json.put("onTimeout", word(approval.onTimeout()));
      return Map.of("approval", json);
    } else if (step instanceof Step.WaitFor wait) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("for", Templates.source(wait.duration()));
      return Map.of("wait", json);
    } else if (step instanceof Step.WaitUntilResolved wait) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("until", "resolved");
      put(json, "timeout", wait.timeout());
      return Map.of("wait", json);
    }
    return Map.of();
  }

  private static Map<String, Object> retry(Retry retry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attempts", (long) retry.attempts());
    json.put("delay", DurationText.print(retry.delay()));
    json.put("factor", retry.factor());
    json.put("maxDelay", DurationText.print(retry.maxDelay()));
    json.put("jitter", retry.jitter());
    json.put("on", retry.on().stream().sorted().map(WorkflowView::word).toList());
    return json;
  }

  private static Map<String, Object> undo(Undo undo) {
    Map<String, Object> json = new LinkedHashMap<>(step(undo.step()));
    put(json, "timeout", undo.timeout());
    return json;
  }

  private static List<Map<String, Object>> edges(Workflow workflow) {
    List<Map<String, Object>> edges = new ArrayList<>();
    for (NodeId to : workflow.graph().nodes()) {
      for (NodeId from : workflow.graph().predecessors(to)) {
        edges.add(Map.of("from", from.value(), "to", to.value()));
      }
    }
    return edges;
  }

  /** As its author wrote it. */
  private static Map<String, Object> trigger(Trigger trigger) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (trigger instanceof Trigger.Alert alert) {
      Map<String, Object> match = new TreeMap<>();
      alert.match().forEach((label, matcher) -> match.put(label, matcher(matcher)));
      json.put("type", "alert");
      json.put("match", match);
      json.put("per", word(alert.per()));
      put(json, "cooldown", alert.cooldown());
      json.put("onResolved", word(alert.onResolved()));
    } else if (trigger instanceof Trigger.Schedule schedule) {
      json.put("type", "schedule");
      json.put("cron", schedule.cron());
      json.put("zone", schedule.zone().getId());
      json.put("missed", word(schedule.missed()));
    } else {
      json.put("type", "webhook");
      json.put("path", ((Trigger.Webhook) trigger).path());
    }
    return json;
  }

  private static Object matcher(Trigger.Matcher matcher) {
    return matcher instanceof Trigger.Matcher.Regex regex
        ? Map.of("regex", regex.pattern().pattern())
        : ((Trigger.Matcher.OneOf) matcher).values();
  }
}
