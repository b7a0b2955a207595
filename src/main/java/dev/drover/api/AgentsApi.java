package dev.drover.api;

import dev.drover.agent.AgentCost;
import dev.drover.agent.AgentManifest;
import dev.drover.agent.AgentStatus;
import dev.drover.agent.Agents;
import dev.drover.agent.Availability;
import dev.drover.name.AgentName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Agents: which there are, and whether they can run here. */
final class AgentsApi {
  private static final long SELF_TEST_SECONDS = 60;
  private final Agents agents;

  AgentsApi(Agents agents) {
    this.agents = agents;
  }

  /** {@code GET /api/agents}. */
  Answer list(Request request) {
    List<Object> items = new ArrayList<>();
    agents.all().forEach(agent -> items.add(json(agent)));
    agents
        .broken()
        .forEach(
            (folder, problems) ->
                items.add(
                    Map.of(
                        "folder",
                        String.valueOf(folder.getFileName()),
                        "availability",
                        "INVALID",
                        "reason",
                        "its agent.yaml has problems",
                        "problems",
                        WorkflowsApi.problems(problems))));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("items", items);
    json.put("next", null);
    return Answer.ok(json);
  }

  /** {@code POST /api/agents/{name}/selftest}: runs it now and answers when it has ended. */
  Answer selfTest(Request request) {
    AgentName name = Names.agent(request.path("name"));
    if (agents.find(name).isEmpty()) {
      throw ApiProblem.notFound("there is no agent " + name);
    }
    try {
      agents.selfTest(name).get(SELF_TEST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw ApiProblem.unavailable("the self-test still runs; look at GET /api/agents later");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiProblem.unavailable("the server is stopping");
    }
    return agents
        .find(name)
        .map(agent -> Answer.ok(json(agent)))
        .orElseThrow(() -> ApiProblem.notFound("agent " + name + " was removed"));
  }

  private Map<String, Object> json(AgentStatus status) {
    AgentManifest manifest = status.manifest();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", manifest.name().value());
    json.put("description", manifest.description());
    json.put("runtime", agents.runtime());
    json.put("availability", state(status.availability()));
    json.put("reason", status.availability().describe());
    json.put("effect", manifest.effect().name().toLowerCase(Locale.ROOT));
    json.put("cost", cost(manifest.cost()));
    json.put("input", manifest.input().source());
    json.put("output", manifest.output().source());
    json.put("problems", WorkflowsApi.problems(status.problems()));
    return json;
  }

  private static Map<String, Object> cost(AgentCost cost) {
    return Map.of("perMinute", cost.perMinute(), "perAttempt", cost.perAttempt());
  }

  private static String state(Availability availability) {
    return availability.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}
