package dev.drover.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.dashboards.Choices;
import dev.drover.dashboards.Dashboard;
import dev.drover.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the dashboards ask Prometheus, asked as Grafana does it. */
final class DashboardQuestions {
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

  /** Four times the scrape interval, which is a second. */
  private static final String RATE_INTERVAL = "4s";

  private final RealMonitoring monitoring;
  private final Instant begin;
  private final boolean eachValueChosen;
  private final Map<Dashboard, List<Dashboard.Query>> open = new LinkedHashMap<>();

  /**
   * Asks that Prometheus.
   *
   * @param begin of the time shown; its end is now
   * @param eachValueChosen chooses each value of a variable instead of "All"
   * @param which of the queries
   */
  DashboardQuestions(
      RealMonitoring monitoring,
      Instant begin,
      boolean eachValueChosen,
      Predicate<Dashboard.Query> which) {
    this.monitoring = monitoring;
    this.begin = begin;
    this.eachValueChosen = eachValueChosen;
    Dashboard.all().forEach(d -> open.put(d, d.queries().stream().filter(which).toList()));
  }

  /** Asks what has not given a number yet; fails where a query is refused. */
  void ask() throws IOException, InterruptedException {
    for (Dashboard dashboard : List.copyOf(open.keySet())) {
      Instant end = Instant.now();
      Choices choices = choices(dashboard, end);
      List<Dashboard.Query> left = new ArrayList<>();
      for (Dashboard.Query query : open.get(dashboard)) {
        if (!gives(query, choices.in(query.expr()), end)) {
          left.add(query);
        }
      }
      open.put(dashboard, left);
      open.values().removeIf(List::isEmpty);
    }
  }

  /** What has not given a number in all the times that it was asked. */
  List<String> unanswered() {
    return open.values().stream()
        .flatMap(List::stream)
        .map(query -> query.where() + ": " + query.expr())
        .toList();
  }

  /** The variables that leave nothing to choose from. */
  List<String> variablesWithoutValues() throws IOException, InterruptedException {
    Instant end = Instant.now();
    List<String> without = new ArrayList<>();
    for (Dashboard dashboard : Dashboard.all()) {
      Choices choices = choices(dashboard, end);
      for (Map<String, Object> variable : queried(dashboard)) {
        if (values(variable, choices, end).isEmpty()) {
          without.add(dashboard.file().getFileName() + ", variable " + variable.get("name"));
        }
      }
    }
    return without;
  }

  private static List<Map<String, Object>> queried(Dashboard dashboard) {
    return dashboard.variables().stream().filter(v -> "query".equals(v.get("type"))).toList();
  }

  private Choices choices(Dashboard dashboard, Instant end)
      throws IOException, InterruptedException {
    Choices choices =
        new Choices()
            .set("__rate_interval", RATE_INTERVAL)
            .set("__interval", "1s")
            .set("__range", Duration.between(begin, end).toSeconds() + 1 + "s");
    for (Map<String, Object> variable : queried(dashboard)) {
      choose(variable, values(variable, choices, end), choices);
    }
    return choices;
  }

  private void choose(Map<String, Object> variable, List<String> values, Choices choices) {
    String name = (String) variable.get("name");
    if (!eachValueChosen && variable.get("allValue") instanceof String all) {
      choices.set(name, all);
    } else {
      choices.choose(name, values);
    }
  }

  @SuppressWarnings("unchecked")
  private List<String> values(Map<String, Object> variable, Choices choices, Instant end)
      throws IOException, InterruptedException {
    String query = (String) Json.asObject(variable.get("query")).get("query");
    Matcher parts = LABEL_VALUES.matcher(choices.in(query));
    assertThat(parts.matches()).as(query).isTrue();
    String path =
        "/api/v1/label/%s/values?match[]=%s&start=%s&end=%s"
            .formatted(parts.group(2), encoded(parts.group(1)), begin, end);
    return (List<String>) answer(query, path.replace("[]", "%5B%5D")).at("data");
  }

  private boolean gives(Dashboard.Query query, String expr, Instant end)
      throws IOException, InterruptedException {
    String path =
        query.instant()
            ? "/api/v1/query?query=%s&time=%s".formatted(encoded(expr), end)
            : "/api/v1/query_range?query=%s&start=%s&end=%s&step=1"
                .formatted(encoded(expr), begin, end);
    return answer(query.where() + ": " + expr, path).list("data.result").stream()
        .anyMatch(series -> finite(series.getOrDefault("value", series.get("values"))));
  }

  /** A sample is a time and a value; or there is a list of such. */
  private static boolean finite(Object samples) {
    List<?> list = (List<?>) samples;
    if (list.get(0) instanceof List<?>) {
      return list.stream().anyMatch(DashboardQuestions::finite);
    }
    // Prometheus writes +Inf, which Java does not read.
    String value = (String) list.get(1);
    return !value.endsWith("Inf") && Double.isFinite(Double.parseDouble(value));
  }

  private Reply answer(String question, String path) throws IOException, InterruptedException {
    Reply reply = monitoring.ask(path);
    assertThat(reply.status()).as("%s%n%s", question, reply.body()).isEqualTo(200);
    assertThat(reply.object())
        .as(question)
        .containsEntry("status", "success")
        .doesNotContainKeys("warnings", "infos");
    return reply;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
