package dev.drover.dashboards;

import static dev.drover.dashboards.Dashboard.at;
import static dev.drover.dashboards.Dashboard.objects;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Where a panel leads: to a dashboard, to traces, or to Drover's API.
 *
 * @param kind {@code dashboard}, {@code traces}, {@code drover}, or {@code unknown}
 */
record Link(String kind, String url) {
  private static final String TRACES = "/explore?schemaVersion=1&panes=";
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}:]+)(?::(\\w+))?}");
  private static final Pattern DASHBOARD = Pattern.compile("/d/([a-z-]+)\\?.*");

  /** Of a field, of the time shown: what Grafana itself knows. */
  private static final Pattern BUILT_IN =
      Pattern.compile(
          "__url_time_range|__from|__to|__field\\.labels\\.\\w+|__data\\.fields\\.\\w+");

  /** Conditions of TraceQL as we use it, variables put in. */
  private static final Pattern CONDITION =
      Pattern.compile(
          "(resource|span)\\.[a-z.]+ ?(=|=~|!=) ?(\"[^\"]+\"|nil)" + "|status=error|kind = server");

  static Link of(String url) {
    if (url.startsWith("/d/")) {
      return new Link("dashboard", url);
    } else if (url.startsWith(TRACES)) {
      return new Link("traces", url);
    }
    return new Link(url.startsWith("${drover_url}/api/") ? "drover" : "unknown", url);
  }

  /** What is wrong with it; empty if all is well. */
  List<String> problems(List<String> dashboards, List<String> variables) {
    List<String> problems = new ArrayList<>();
    for (MatchResult found : VARIABLE.matcher(url).results().toList()) {
      String name = found.group(1);
      if (!variables.contains(name) && !BUILT_IN.matcher(name).matches()) {
        problems.add("no variable " + name);
      }
    }
    String filled = VARIABLE.matcher(url).replaceAll("x");
    switch (kind) {
      case "dashboard" -> {
        var matched = DASHBOARD.matcher(filled);
        if (!matched.matches() || !dashboards.contains(matched.group(1))) {
          problems.add("no such dashboard: " + url);
        } else if (!url.contains("${__url_time_range}")) {
          problems.add("forgets the time: " + url);
        }
      }
      case "traces" -> problems.addAll(traces(filled.substring(TRACES.length())));
      case "drover" -> URI.create("http://localhost/" + filled);
      default -> problems.add("leads nowhere: " + url);
    }
    return problems;
  }

  private static List<String> traces(String encoded) {
    URI.create("/explore?panes=" + encoded);
    Object panes;
    try {
      panes = Json.parse(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    } catch (InvalidJson e) {
      return List.of("no JSON: " + encoded);
    }
    Object pane = at(panes, "traces");
    Map<String, Object> query = objects(pane, "queries").get(0);
    if (!at(query, "datasource").equals(Map.of("type", "tempo", "uid", at(pane, "datasource")))) {
      return List.of("asks another data source: " + query);
    }
    String text = (String) at(query, "query");
    if (!text.startsWith("{ resource.service.name=\"drover\"") || !text.endsWith(" }")) {
      return List.of("asks for other traces than Drover's: " + text);
    }
    return List.of(text.substring(2, text.length() - 2).split(" && ")).stream()
        .filter(condition -> !CONDITION.matcher(condition).matches())
        .map(condition -> "unknown condition: " + condition)
        .toList();
  }
}
