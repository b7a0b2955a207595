package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.name.AgentName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetestsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Availability.Unavailable AWAY = new Availability.Unavailable("no engine");

  @TempDir Path folder;
  private final Retests retests = new Retests();

  private AgentStatus agent(Availability availability, String description) {
    Path home =
        TestAgent.in(folder, "sample").with("description: " + description).script("true").write();
    return new AgentStatus(
        ManifestReader.read(home).manifest().orElseThrow(), availability, List.of());
  }

  private List<Long> minutesOfTests(AgentStatus status, int minutes) {
    List<Long> tested = new ArrayList<>();
    for (long minute = 0; minute <= minutes; minute++) {
      if (!retests.due(List.of(status), START.plus(Duration.ofMinutes(minute))).isEmpty()) {
        tested.add(minute);
      }
    }
    return tested;
  }

  @Test
  void whatCannotRunIsTestedAgainLessAndLessOften() {
    assertThat(minutesOfTests(agent(AWAY, "one"), 300))
        .containsExactly(1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L);
  }

  @Test
  void whatCanRunIsNot() {
    assertThat(minutesOfTests(agent(new Availability.Available(true), "one"), 10)).isEmpty();
  }

  @Test
  void aChangedAgentBeginsAnewAndSoDoesOneThatCouldRunInBetween() {
    AgentStatus first = agent(AWAY, "one");
    assertThat(minutesOfTests(first, 3)).containsExactly(1L, 3L);

    AgentStatus second = agent(AWAY, "another");
    Instant later = START.plus(Duration.ofMinutes(4));
    assertThat(retests.due(List.of(second), later)).isEmpty();
    assertThat(retests.due(List.of(second), later.plus(Retests.FIRST)))
        .containsExactly(new AgentName("sample"));

    retests.due(List.of(agent(new Availability.Available(true), "another")), later);
    assertThat(retests.due(List.of(second), later.plusSeconds(1))).isEmpty();
    assertThat(retests.due(List.of(second), later.plusSeconds(61))).hasSize(1);
  }

  @Test
  void aTestThatRunsIsWaitedForAndKeepsThePace() {
    AgentStatus away = agent(AWAY, "one");
    AgentStatus testing = agent(new Availability.Testing(), "one");
    retests.due(List.of(away), START);
    assertThat(retests.due(List.of(away), START.plusSeconds(60))).hasSize(1);
    assertThat(retests.due(List.of(testing), START.plusSeconds(300))).isEmpty();
    assertThat(retests.due(List.of(away), START.plusSeconds(301))).hasSize(1);
  }
}
