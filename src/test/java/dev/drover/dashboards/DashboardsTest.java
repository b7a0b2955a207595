package dev.drover.dashboards;

import static dev.drover.dashboards.Dashboard.at;
import static dev.drover.dashboards.Dashboard.defaults;
import static dev.drover.dashboards.Dashboard.objects;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the dashboards are built; {@code DashboardsIT} asks what they ask. */
class DashboardsTest {
  private static final List<Dashboard> ALL = Dashboard.all();
  private static final Map<String, String> PROMETHEUS =
      Map.of("type", "prometheus", "uid", "${datasource}");
  private static final Map<String, String> LOKI = Map.of("type", "loki", "uid", "${loki}");

  @Test
  void thereAreSixUnderNamesThatStay() {
    assertThat(ALL)
        .extracting(Dashboard::uid)
        .containsExactlyInAnyOrder(
            "drover-workflows",
            "drover-agents",
            "drover-system",
            "drover-cost",
            "drover-alerts",
            "drover-camel");
    assertThat(ALL).extracting(d -> d.json().get("title")).doesNotHaveDuplicates();
  }

  /** {@code mvn test -Dtest=DashboardsTest -Ddrover.dashboards.format=true} brings them into it. */
  @Test
  void theyAreWrittenInTheOneFormat() throws IOException {
    for (Dashboard dashboard : ALL) {
      String canonical = CanonicalJson.of(dashboard.json());
      if (Boolean.getBoolean("drover.dashboards.format")) {
        Files.writeString(dashboard.file(), canonical);
      } else {
        assertThat(dashboard.text()).as("%s", dashboard.file()).isEqualTo(canonical);
      }
    }
  }

  @Test
  void grafanaElevenAndLaterTakeThem() {
    assertThat(ALL)
        .allSatisfy(
            d -> {
              assertThat((Long) at(d.json(), "schemaVersion")).isGreaterThanOrEqualTo(39);
              assertThat(d.json()).doesNotContainKey("id").doesNotContainKey("__inputs");
              assertThat(d.json()).containsKeys("description", "refresh", "time");
            });
  }

  @Test
  void panelsHaveIdsOfTheirOwn() {
    assertThat(ALL)
        .allSatisfy(
            d -> {
              assertThat(d.panels()).extracting(p -> p.get("id")).doesNotHaveDuplicates();
              assertThat(d.panels()).allSatisfy(p -> assertThat((Long) at(p, "id")).isPositive());
            });
  }

  @Test
  void panelsLieOnTheGridAndNotOnEachOther() {
    for (Dashboard dashboard : ALL) {
      Set<Long> taken = new HashSet<>();
      for (Map<String, Object> panel : dashboard.panels()) {
        String name = dashboard.name(panel);
        long x = (Long) at(panel, "gridPos", "x");
        long y = (Long) at(panel, "gridPos", "y");
        long width = (Long) at(panel, "gridPos", "w");
        long height = (Long) at(panel, "gridPos", "h");
        assertThat(width).as(name).isPositive();
        assertThat(height).as(name).isPositive();
        assertThat(x).as(name).isNotNegative();
        assertThat(x + width).as(name).isLessThanOrEqualTo(24);
        for (long cell = 0; cell < width * height; cell++) {
          long at = (y + cell / width) * 24 + x + cell % width;
          assertThat(taken.add(at)).as("%s overlaps", name).isTrue();
        }
      }
      long rows = taken.stream().mapToLong(cell -> cell / 24).max().orElseThrow() + 1;
      assertThat((long) taken.size()).as("%s has gaps", dashboard.uid()).isEqualTo(rows * 24);
    }
  }

  @Test
  void everyPanelSaysWhatItShowsAndInWhichUnit() {
    for (Dashboard dashboard : ALL) {
      for (Map<String, Object> panel : dashboard.shown()) {
        String name = dashboard.name(panel);
        assertThat((String) at(panel, "title")).as(name).isNotBlank();
        assertThat((String) at(panel, "description")).as(name).hasSizeGreaterThan(15).endsWith(".");
        if ("logs".equals(panel.get("type"))) {
          assertThat(objects(panel, "targets")).as(name).hasSize(1);
        } else {
          assertThat(defaults(panel)).as(name).containsKey("unit");
        }
      }
    }
  }

  @Test
  void everythingAsksTheDataSourceThatWasChosen() {
    for (Dashboard dashboard : ALL) {
      for (Map<String, Object> panel : dashboard.shown()) {
        Object source = "logs".equals(panel.get("type")) ? LOKI : PROMETHEUS;
        assertThat(panel).as(dashboard.name(panel)).containsEntry("datasource", source);
        assertThat(objects(panel, "targets"))
            .as(dashboard.name(panel))
            .isNotEmpty()
            .allSatisfy(target -> assertThat(target).containsEntry("datasource", source));
        assertThat(objects(panel, "targets"))
            .extracting(target -> target.get("refId"))
            .as(dashboard.name(panel))
            .doesNotHaveDuplicates();
      }
      assertThat(dashboard.annotations())
          .isNotEmpty()
          .allSatisfy(a -> assertThat(a).containsEntry("datasource", PROMETHEUS));
      assertThat(dashboard.variables())
          .filteredOn(variable -> "query".equals(variable.get("type")))
          .isNotEmpty()
          .allSatisfy(v -> assertThat(v).containsEntry("datasource", PROMETHEUS));
    }
  }

  /** What deploy/grafana calls them. */
  @Test
  void dataSourcesArePreselectedByTheirProvisionedNames() {
    for (Dashboard dashboard : ALL) {
      assertThat(dashboard.variables())
          .filteredOn(variable -> "datasource".equals(variable.get("type")))
          .allSatisfy(v -> assertThat(at(v, "current", "value")).isEqualTo(v.get("query")))
          .extracting(v -> v.get("query"))
          .contains("prometheus", "tempo")
          .isSubsetOf("prometheus", "tempo", "loki");
    }
  }

  @Test
  void whatHasSeveralSeriesNamesEachByItsLabels() {
    for (Dashboard dashboard : ALL) {
      for (Map<String, Object> panel : dashboard.shown()) {
        if (List.of("timeseries", "bargauge", "state-timeline").contains(panel.get("type"))) {
          for (Map<String, Object> target : objects(panel, "targets")) {
            String legend = (String) at(target, "legendFormat");
            assertThat(legend).as(dashboard.name(panel)).isNotBlank();
            assertThat(Promql.legendLabels(legend))
                .as("%s: %s", dashboard.name(panel), legend)
                .isSubsetOf(Promql.labels((String) at(target, "expr")));
          }
        }
      }
    }
  }

  @Test
  void histogramsOfWhatIsTracedShowExemplars() {
    for (Dashboard dashboard : ALL) {
      for (Map<String, Object> panel : dashboard.shown()) {
        List<Map<String, Object>> traced =
            objects(panel, "targets").stream()
                .filter(target -> !target.containsKey("instant"))
                .filter(target -> Promql.traced((String) at(target, "expr")))
                .toList();
        if (!traced.isEmpty()) {
          assertThat(traced)
              .as(dashboard.name(panel))
              .anySatisfy(target -> assertThat(target).containsEntry("exemplar", true));
        }
      }
    }
  }

  @Test
  void countersAreLookedAtAsRatesAndTheClustersNumbersAreNotAddedUp() {
    for (Dashboard.Query query : queries()) {
      assertThat(Promql.bareCounters(query.expr())).as(query.where()).isEmpty();
      assertThat(Promql.clusterWithoutMax(query.expr())).as(query.where()).isEmpty();
    }
  }

  @Test
  void everyMetricIsDocumented() throws IOException {
    String docs = Files.readString(Path.of("docs/metrics.md"));
    assertThat(
            queries().stream().flatMap(query -> Promql.metrics(query.expr()).stream()).distinct())
        .hasSizeGreaterThan(40)
        .filteredOn(metric -> !Promql.documented(metric, docs))
        .isEmpty();
  }

  private static List<Dashboard.Query> queries() {
    return ALL.stream().flatMap(dashboard -> dashboard.queries().stream()).toList();
  }

  @Test
  void errorsAreAskedOfLokiByLabelsThatThereAre() {
    List<String> asked = new ArrayList<>();
    for (Dashboard dashboard : ALL) {
      for (Map<String, Object> panel : dashboard.shown()) {
        if ("logs".equals(panel.get("type"))) {
          asked.add((String) at(objects(panel, "targets").get(0), "expr"));
        }
      }
    }
    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(
            query ->
                assertThat(query)
                    .matches(
                        "\\{service_name=\"drover\"}"
                            + "( \\| [a-z_]+=~\"[^\"]+\"| \\|~ \"[^\"]+\")+"));
  }

  @Test
  void fromEachDashboardOneGetsToTheOthersWithWhatWasChosen() {
    for (Dashboard dashboard : ALL) {
      assertThat(at(dashboard.json(), "tags")).isEqualTo(List.of("drover"));
      assertThat(objects(dashboard.json(), "links"))
          .anySatisfy(
              link ->
                  assertThat(link)
                      .containsEntry("type", "dashboards")
                      .containsEntry("tags", List.of("drover"))
                      .containsEntry("includeVars", true)
                      .containsEntry("keepTime", true));
    }
  }

  @Test
  void linksLeadToDashboardsTracesAndDroverAndUseVariablesThatThereAre() {
    List<String> uids = ALL.stream().map(Dashboard::uid).toList();
    for (Dashboard dashboard : ALL) {
      List<String> kinds = new ArrayList<>();
      for (Map<String, Object> panel : dashboard.shown()) {
        for (Map<String, Object> link : links(panel)) {
          assertThat((String) at(link, "title")).as(dashboard.name(panel)).isNotBlank();
          Link read = Link.of((String) at(link, "url"));
          kinds.add(read.kind());
          assertThat(read.problems(uids, variables(dashboard))).as(dashboard.name(panel)).isEmpty();
        }
      }
      assertThat(kinds).as(dashboard.uid()).contains("dashboard", "traces", "drover");
    }
  }

  private static List<Map<String, Object>> links(Map<String, Object> panel) {
    return Stream.concat(
            objects(defaults(panel), "links").stream(),
            objects(at(panel, "fieldConfig"), "overrides").stream()
                .flatMap(override -> objects(override, "properties").stream())
                .filter(property -> "links".equals(property.get("id")))
                .flatMap(property -> objects(property, "value").stream()))
        .toList();
  }

  private static List<String> variables(Dashboard dashboard) {
    return dashboard.variables().stream().map(variable -> (String) at(variable, "name")).toList();
  }

  @Test
  void everyVariableIsUsed() {
    for (Dashboard dashboard : ALL) {
      for (String variable : variables(dashboard)) {
        Pattern use = Pattern.compile("\\$(\\{" + variable + "[:}]|" + variable + "\\b)");
        assertThat(use.matcher(dashboard.text()).find())
            .as("%s in %s", variable, dashboard.file())
            .isTrue();
      }
    }
  }

  @Test
  void workflowIsChosenFromTheProjectsAndAgentsFromTheWorkflows() {
    for (Dashboard dashboard : ALL) {
      for (Map<String, Object> variable : dashboard.variables()) {
        if ("workflow".equals(variable.get("name"))) {
          assertThat((String) at(variable, "query", "query")).contains("project=~\"$project\"");
        } else if ("agent".equals(variable.get("name"))) {
          assertThat((String) at(variable, "query", "query"))
              .contains("project=~\"$project\",workflow=~\"$workflow\"");
        }
      }
    }
  }
}
