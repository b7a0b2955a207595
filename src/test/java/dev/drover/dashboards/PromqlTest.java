package dev.drover.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of numbers that every server publishes sees what it is for. */
class PromqlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max(drover_servers)",
        "sum(max by (project, state) (drover_runs_current{project=\"a\"}))",
        "max by (workflow) (drover_budget_spent) / max by (workflow) (drover_budget_limit)",
      })
  void theLargestOfAllServersMayBeTaken(String query) {
    assertThat(Promql.clusterWithoutMax(query)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drover_servers",
        "sum(drover_runs_current)",
        "max(sum(drover_runs_current))",
        "max(up) + drover_servers",
        "max by (instance, project) (drover_runs_current)",
        "max by (workflow) (drover_budget_limit) - drover_budget_spent",
      })
  void anythingElseIsFound(String query) {
    assertThat(Promql.clusterWithoutMax(query)).hasSize(1);
  }
}
