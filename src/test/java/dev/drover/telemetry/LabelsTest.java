package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Journal.WorkflowKey;
import org.junit.jupiter.api.Test;

/** However many there are, labels have few values. */
class LabelsTest {
  private final Labels labels = new Labels();

  @Test
  void thoseThatComeWhenThereIsNoRoomShareAValueAndTheOthersKeepTheirs() {
    for (int i = 0; i < Labels.WORKFLOWS; i++) {
      assertThat(labels.workflow(key("p", "w" + i))).isEqualTo("w" + i);
    }

    assertThat(labels.workflow(key("p", "late"))).isEqualTo("other");
    assertThat(labels.workflow(key("q", "w7"))).isEqualTo("other");
    assertThat(labels.node(key("p", "late"), "a")).isEqualTo("other");
    assertThat(labels.workflow(key("p", "w7"))).isEqualTo("w7");
    assertThat(labels.node(key("p", "w7"), "a")).isEqualTo("a");
  }

  @Test
  void nodesAndAgentsHaveBoundsOfTheirOwn() {
    for (int i = 0; i < Labels.NODES; i++) {
      labels.node(key("p", "w"), "n" + i);
    }
    for (int i = 0; i < Labels.AGENTS; i++) {
      labels.agent("a" + i);
    }

    assertThat(labels.node(key("p", "w"), "late")).isEqualTo("other");
    assertThat(labels.node(key("p", "w"), "n9999")).isEqualTo("n9999");
    assertThat(labels.agent("late")).isEqualTo("other");
    assertThat(labels.agent("a0")).isEqualTo("a0");
    assertThat(labels.workflow(key("p", "v"))).isEqualTo("v");
  }

  private static WorkflowKey key(String project, String workflow) {
    return new WorkflowKey(new ProjectName(project), new WorkflowName(workflow));
  }
}
