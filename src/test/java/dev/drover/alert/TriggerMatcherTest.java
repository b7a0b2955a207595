package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.any;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.deployed;
import static dev.drover.alert.AlertFixtures.inputs;
import static dev.drover.alert.AlertFixtures.perAlert;
import static dev.drover.alert.AlertFixtures.perGroup;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.JsonSchema;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunRequest;
import dev.drover.workflow.Concurrency;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Inputs;
import dev.drover.workflow.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TriggerMatcherTest {
  private static final Duration TEN = Duration.ofMinutes(10);
  private static final Instant T = Instant.parse("2026-11-21T17:00:00Z");
  private static final AlertGroup GROUP =
      new AlertGroup(
          "ops",
          "{}:{a=\"b\"}",
          Map.of("alertname", "Load"),
          Map.of("team", "x"),
          Map.of("runbook", "r"),
          "http://alertmanager");
  private static final FiringAlert DB = alert(1, true, Map.of("alertname", "Load", "host", "db"));
  private static final FiringAlert WEB = alert(2, true, Map.of("alertname", "Load", "host", "web"));
  private static final FiringAlert OLD = alert(3, false, Map.of("alertname", "Load", "host", "db"));

  @Test
  void eachNewMatchingAlertOpensARun() {
    Matches matches = match(List.of(workflow("fix", perAlert("alertname", "Load"))), DB, WEB, OLD);

    assertThat(matches.runs())
        .extracting(RunRequest::dedupeKey)
        .containsExactly("alert/fix/" + DB.episode(), "alert/fix/" + WEB.episode());
    assertThat(matches.matched()).containsExactlyInAnyOrder(DB.episode(), WEB.episode());
    assertThat(matches.refused()).isEmpty();
  }

  @Test
  void aRequestNamesProjectWorkflowAndVersion() {
    RunRequest run = match(List.of(workflow("fix", perAlert("host", "db"))), DB, WEB).runs().get(0);

    assertThat(run.project()).isEqualTo(ProjectName.DEFAULT);
    assertThat(run.workflow()).isEqualTo(new WorkflowName("fix"));
    assertThat(run.version()).isEqualTo(1);
    assertThat(run.inputs()).isEmpty();
  }

  @Test
  void expressionsSeeTheAlertAndItsGroup() {
    RunRequest run = match(List.of(workflow("fix", anyAlert())), DB).runs().get(0);

    assertThat(run.trigger())
        .isEqualTo(
            Map.of(
                "type",
                "alert",
                "alert",
                Map.of(
                    "labels", DB.alert().labels(),
                    "annotations", Map.of("summary", "s"),
                    "startsAt", "2026-11-21T16:00:00Z",
                    "status", "firing",
                    "fingerprint", "f1",
                    "generatorURL", "",
                    "episode", DB.episode().toString()),
                "group",
                Map.of(
                    "receiver",
                    "ops",
                    "key",
                    "{}:{a=\"b\"}",
                    "labels",
                    Map.of("alertname", "Load"),
                    "commonLabels",
                    Map.of("team", "x"),
                    "commonAnnotations",
                    Map.of("runbook", "r"),
                    "externalURL",
                    "http://alertmanager")));
  }

  @Test
  void severalMatchingTriggersOfAWorkflowOpenOneRun() {
    DeployedWorkflow fix =
        workflow(
            "fix", perAlert("host", "db"), perAlert("alertname", "Load"), perGroup("host", "db"));

    assertThat(match(List.of(fix), DB).runs()).hasSize(1);
  }

  @Test
  void severalWorkflowsOpenARunEach() {
    List<DeployedWorkflow> both =
        List.of(workflow("fix", anyAlert()), workflow("tell", anyAlert()));

    assertThat(match(both, DB).runs())
        .extracting(RunRequest::dedupeKey)
        .containsExactly("alert/fix/" + DB.episode(), "alert/tell/" + DB.episode());
  }

  @Test
  void aGroupOpensOneRunWithAllItsFiringAlerts() {
    Matches matches = match(List.of(workflow("fix", perGroup("host", "db"))), DB, WEB, OLD);

    assertThat(matches.runs())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.dedupeKey()).matches("group/fix/[0-9a-f]{64}");
              assertThat(run.trigger()).containsOnlyKeys("type", "alerts", "group");
              assertThat(run.trigger().get("alerts")).isEqualTo(List.of(DB.toJson(), OLD.toJson()));
            });
    assertThat(matches.matched()).containsExactlyInAnyOrder(DB.episode(), OLD.episode());
  }

  @Test
  void aGroupWithoutANewAlertOpensNothing() {
    Matches matches = match(List.of(workflow("fix", perGroup("host", "db"))), WEB, OLD);

    assertThat(matches.runs()).isEmpty();
    assertThat(matches.matched()).isEmpty();
  }

  @Test
  void aGroupsKeyDependsOnItsNewEpisodesOnly() {
    List<DeployedWorkflow> fix = List.of(workflow("fix", perGroup("alertname", "Load")));

    String key = match(fix, DB, WEB).runs().get(0).dedupeKey();

    assertThat(match(fix, WEB, OLD, DB).runs().get(0).dedupeKey()).isEqualTo(key);
    assertThat(match(fix, DB).runs().get(0).dedupeKey()).isNotEqualTo(key);
  }

  @Test
  void theFirstMatchingTriggerDecidesForEachAlert() {
    DeployedWorkflow fix = workflow("fix", perAlert("host", "db"), perGroup("alertname", "Load"));

    assertThat(match(List.of(fix), DB, WEB, OLD).runs())
        .extracting(run -> run.dedupeKey().substring(0, 6))
        .containsExactly("alert/", "group/");
  }

  @Test
  void alertsThatNobodyWantsAreNotMatched() {
    Matches matches =
        match(
            List.of(
                workflow("fix", perAlert("host", "mail")),
                workflow("hook", new Trigger.Webhook("x")),
                workflow("manual")),
            DB,
            WEB);

    assertThat(matches.runs()).isEmpty();
    assertThat(matches.matched()).isEmpty();
    assertThat(matches.refused()).isEmpty();
  }

  @Test
  void aWorkflowThatNeedsInputsIsRefusedWithTheReason() {
    Inputs required =
        inputs(
            Map.of(
                "type",
                "object",
                "properties",
                Map.of("target", Map.of("type", "string")),
                "required",
                List.of("target")));
    List<DeployedWorkflow> both =
        List.of(deployed("fix", required, List.of(anyAlert())), workflow("tell", anyAlert()));

    Matches matches = match(both, DB, WEB);

    assertThat(matches.runs())
        .extracting(RunRequest::workflow)
        .containsOnly(new WorkflowName("tell"))
        .hasSize(2);
    assertThat(matches.refused())
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.workflow()).isEqualTo(new WorkflowName("fix"));
              assertThat(refused.reason()).contains("target").contains("default");
            });
  }

  @Test
  void aRefusedWorkflowAloneLeavesTheAlertUnmatched() {
    Inputs required = inputs(Map.of("type", "object", "required", List.of("target")));

    Matches matches = match(List.of(deployed("fix", required, List.of(anyAlert()))), DB);

    assertThat(matches.matched()).isEmpty();
  }

  @Test
  void defaultsCompleteTheInputs() {
    Inputs declared =
        new Inputs(
            JsonSchema.of(Map.of("type", "object", "required", List.of("limit"))),
            Map.of("limit", 90L));

    Matches matches = match(List.of(deployed("fix", declared, List.of(anyAlert()))), DB);

    assertThat(matches.runs())
        .singleElement()
        .extracting(RunRequest::inputs)
        .isEqualTo(Map.of("limit", 90L));
  }

  @Test
  void aKeyOfSlotsThatCantBeComputedRefusesTheRun() {
    Concurrency broken =
        new Concurrency(
            scope -> {
              throw new ExpressionFailure("no such label: host");
            },
            1,
            Concurrency.Overflow.QUEUE);

    Matches matches = match(List.of(workflow("fix", broken, anyAlert())), DB, WEB);

    assertThat(matches.runs()).isEmpty();
    assertThat(matches.matched()).isEmpty();
    assertThat(matches.refused())
        .singleElement()
        .satisfies(r -> assertThat(r.reason()).contains("concurrency.key", "no such label"));
  }

  @Test
  void aRunKnowsItsEpisodesWhatAResolveMeansAndItsCooldown() {
    Trigger trigger = any().cooldown(TEN).cancelledWhenResolved().build();

    assertThat(match(List.of(workflow("fix", trigger)), DB, OLD).wanted())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.episodes()).containsExactly(DB.episode());
              assertThat(run.onResolved()).isEqualTo(Trigger.OnResolved.CANCEL);
              assertThat(run.cooldown()).contains(new WantedRun.Cooling("f1", TEN));
            });
  }

  @Test
  void anAlertThatCoolsDownIsSuppressedAndMatchedAllTheSame() {
    DeployedWorkflow fix = workflow("fix", any().cooldown(TEN).build());

    Matches matches = match(cooling("f1", T.plusSeconds(1), false), List.of(fix), DB, WEB);

    assertThat(matches.wanted())
        .singleElement()
        .extracting(WantedRun::episodes)
        .isEqualTo(List.of(WEB.episode()));
    assertThat(matches.suppressed())
        .containsExactly(
            new Suppressed(
                new Cooldowns.Key(fix.workflow().name(), "f1"),
                T.plusSeconds(1),
                List.of(DB.episode()),
                false));
    assertThat(matches.matched()).containsExactlyInAnyOrder(DB.episode(), WEB.episode());
  }

  @Test
  void aCooldownThatIsOverOrThatTheWorkflowNoLongerHasHoldsNothing() {
    List<DeployedWorkflow> fix = List.of(workflow("fix", any().cooldown(TEN).build()));

    assertThat(match(cooling("f1", T, true), fix, DB).runs()).hasSize(1);
    assertThat(match(cooling("f2", T.plusSeconds(9), true), fix, DB).runs()).hasSize(1);
    assertThat(
            match(cooling("f1", T.plusSeconds(9), true), List.of(workflow("fix", anyAlert())), DB)
                .runs())
        .hasSize(1);
  }

  @Test
  void aGroupCoolsDownAsAWholeUntilWhatCameMeanwhileWasOpened() {
    List<DeployedWorkflow> fix = List.of(workflow("fix", any().perGroup().cooldown(TEN).build()));

    for (Instant until : List.of(T.plusSeconds(1), T.minusSeconds(1))) {
      Matches matches = match(cooling(GROUP.identity(), until, true), fix, DB, OLD);
      assertThat(matches.runs()).isEmpty();
      assertThat(matches.suppressed())
          .singleElement()
          .satisfies(
              s -> {
                assertThat(s.episodes()).containsExactly(DB.episode());
                assertThat(s.more()).isTrue();
              });
    }
    assertThat(match(cooling(GROUP.identity(), T, false), fix, DB).runs()).hasSize(1);
    assertThat(match(cooling(GROUP.identity(), T.plusSeconds(9), false), fix, OLD).suppressed())
        .isEmpty();
  }

  private static Cooldowns cooling(String identity, Instant until, boolean pending) {
    return new Cooldowns(
        Map.of(
            new Cooldowns.Key(new WorkflowName("fix"), identity),
            new Cooldowns.Cooldown(until, pending)),
        T);
  }

  private static Matches match(List<DeployedWorkflow> workflows, FiringAlert... firing) {
    return match(Cooldowns.NONE, workflows, firing);
  }

  private static Matches match(
      Cooldowns cooldowns, List<DeployedWorkflow> workflows, FiringAlert... firing) {
    return TriggerMatcher.match(
        workflows, GROUP, List.of(firing), cooldowns, AlertFixtures.counting());
  }

  private static FiringAlert alert(long id, boolean isNew, Map<String, String> labels) {
    Alert alert =
        new Alert(
            "f" + id,
            AlertStatus.FIRING,
            labels,
            Map.of("summary", "s"),
            Instant.parse("2026-11-21T16:00:00Z"),
            null,
            null);
    return new FiringAlert(new UUID(9, id), alert, isNew);
  }
}
