package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import dev.drover.agent.Availability.Available;
import dev.drover.agent.Availability.Testing;
import dev.drover.agent.Availability.Unavailable;
import dev.drover.name.AgentName;
import dev.drover.yaml.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentsIT {
  private static final AgentName SAMPLE = new AgentName("sample");

  @TempDir Path folder;
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private AgentRuntime runtime;
  private Agents agents;

  @BeforeEach
  void open() {
    RequiredTool.assume("bwrap");
    runtime =
        new SandboxRuntime(
            new RuntimeSettings(List.of(), List.of(), Secrets.NONE, 4, Clock.systemUTC()),
            executor);
    agents = new Agents(runtime, executor);
  }

  @AfterEach
  void close() {
    if (runtime != null) {
      runtime.close();
    }
    executor.shutdownNow();
  }

  private TestAgent sample() {
    return TestAgent.in(folder, "sample");
  }

  private TestAgent doubling() {
    return sample()
        .with("input: { type: object, required: [n], properties: { n: { type: integer } } }")
        .with("selfTest: { input: { n: 21 }, expect: { n: 42 } }")
        .script("n=$(tr -dc 0-9)", "echo \"{\\\"n\\\": $((n * 2)), \\\"more\\\": []}\"");
  }

  private Availability registered(TestAgent agent) {
    Registration registration = agents.register(agent.write());
    assertThat(Problem.lines(registration.problems())).isEmpty();
    return registration.availability().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private RunningAttempt start(String name, Map<String, Object> input, Duration timeout) {
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "k", Optional.empty());
    return agents.run(
        new AgentCall(new AgentName(name), input, Optional.of(timeout), identity, LogSink.NONE));
  }

  private AttemptResult run(String name, Map<String, Object> input) {
    return end(start(name, input, Duration.ofSeconds(20)));
  }

  private static AttemptResult end(RunningAttempt attempt) {
    return attempt.result().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static Failed failed(AttemptResult result, FailureType type) {
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).type()).as(((Failed) result).message()).isEqualTo(type);
    return (Failed) result;
  }

  @Test
  void anAgentThatPassesItsSelfTestIsAvailableAndRuns() {
    assertThat(registered(doubling())).isEqualTo(new Available(true));

    Succeeded result = (Succeeded) run("sample", Map.of("n", 5L));

    assertThat(result.output()).isEqualTo(Map.of("n", 10L, "more", List.of()));
    assertThat(agents.find(SAMPLE).orElseThrow().availability().describe())
        .isEqualTo("self-test passed");
  }

  @Test
  void anAgentThatFailsItsSelfTestIsUnavailableWithTheReason() {
    TestAgent wrong = doubling().script("echo '{\"n\": 41}'");

    assertThat(registered(wrong).describe())
        .isEqualTo("self-test: output $.n is 41, expected is 42");
    assertThat(failed(run("sample", Map.of("n", 1L)), FailureType.AGENT_UNAVAILABLE).message())
        .contains("expected is 42");

    assertThat(registered(wrong.script("echo broken >&2; exit 1")).describe())
        .contains("EXIT_CODE", "broken");
  }

  @Test
  void aMissingProgramIsFoundAtRegistrationWithoutASelfTestToo() {
    Availability found = registered(sample().command("[no-such-node, main.js]"));

    assertThat(found).isInstanceOf(Unavailable.class);
    assertThat(found.describe()).contains("no-such-node", "install");
  }

  @Test
  void anAgentWithoutASelfTestSaysSo() {
    assertThat(registered(sample().script("echo 1")).describe()).isEqualTo("no self-test");
  }

  @Test
  void callsWaitForTheSelfTestAndCanBeCancelledMeanwhile() {
    TestAgent slow = doubling().script("sleep 0.5; echo '{\"n\": 42}'");
    Registration registration = agents.register(slow.write());
    assertThat(agents.find(SAMPLE).orElseThrow().availability()).isEqualTo(new Testing());

    RunningAttempt waiting = start("sample", Map.of("n", 1L), Duration.ofSeconds(20));
    RunningAttempt unwanted = start("sample", Map.of("n", 1L), Duration.ofSeconds(20));
    unwanted.cancel("not needed");

    assertThat(end(unwanted)).isInstanceOf(Cancelled.class);
    assertThat(end(waiting)).isInstanceOf(Succeeded.class);
    assertThat(registration.availability()).isCompletedWithValue(new Available(true));
  }

  @Test
  void anUnknownAgentIsAFailureWithAHint() {
    registered(sample().script("echo 1"));

    Failed result = failed(run("smaple", Map.of()), FailureType.AGENT_UNKNOWN);

    assertThat(result.message()).contains("did you mean \"sample\"?");
    assertThatThrownBy(() -> agents.selfTest(new AgentName("smaple")))
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void inputThatBreaksTheSchemaNeverStartsAnything() {
    registered(doubling());

    Failed result = failed(run("sample", Map.of("n", "five")), FailureType.INPUT_INVALID);

    assertThat(result.message()).contains("$.n");
    assertThat(result.duration()).isZero();
  }

  @Test
  void theShorterTimeLimitHolds() {
    registered(sample().script("sleep 60").with("timeout: 300ms"));
    failed(run("sample", Map.of()), FailureType.TIMEOUT);

    registered(TestAgent.in(folder, "patient").script("sleep 60"));
    failed(end(start("patient", Map.of(), Duration.ofMillis(300))), FailureType.TIMEOUT);
  }

  @Test
  void aBrokenNewManifestKeepsTheLastGoodOneInForce() {
    registered(doubling());
    String hash = agents.find(SAMPLE).orElseThrow().manifest().hash();

    Registration broken = agents.register(sample().with("comand: [x]").write());

    assertThat(broken.isTaken()).isFalse();
    AgentStatus status = agents.find(SAMPLE).orElseThrow();
    assertThat(status.manifest().hash()).isEqualTo(hash);
    assertThat(status.availability()).isEqualTo(new Available(true));
    assertThat(Problem.lines(status.problems())).contains("comand");
    assertThat(agents.broken()).containsKey(folder.resolve("sample"));
    assertThat(run("sample", Map.of("n", 2L))).isInstanceOf(Succeeded.class);

    registered(doubling().with("description: mended"));
    assertThat(agents.find(SAMPLE).orElseThrow().problems()).isEmpty();
    assertThat(agents.find(SAMPLE).orElseThrow().manifest().hash()).isNotEqualTo(hash);
    assertThat(agents.broken()).isEmpty();
  }

  @Test
  void aProvedVersionStaysAvailableWhileItIsTestedAgain() {
    registered(doubling().script("sleep 0.2; echo '{\"n\": 42}'"));

    var again = agents.selfTest(SAMPLE);

    assertThat(agents.find(SAMPLE).orElseThrow().availability()).isEqualTo(new Available(true));
    assertThat(again.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(new Available(true));
  }

  @Test
  void whatItLackedIsNoticedByItselfWhenItIsThere() {
    TestAgent patient = doubling().script("test -e there || exit 1; echo '{\"n\": 42}'");
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(registered(patient)).isInstanceOf(Unavailable.class);
    agents.retest(now);

    patient.file("there", "");
    agents.retest(now.plus(Retests.FIRST));

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> agents.find(SAMPLE).orElseThrow().availability().equals(new Available(true)));
  }

  @Test
  void aNameThatIsTakenIsAProblemAndARenamedAgentLosesItsOldName() {
    registered(sample().script("echo 1"));
    Registration second =
        agents.register(
            TestAgent.in(folder, "other").file("agent.yaml", "").script("echo 2").write());
    assertThat(second.isTaken()).isTrue();

    Path other = TestAgent.in(folder, "other").write();
    TestAgent.in(folder, "other").file("agent.yaml", "name: sample\ncommand: [sh, run.sh]\n");
    assertThat(Problem.lines(agents.register(other).problems())).contains("taken by");

    TestAgent.in(folder, "other").file("agent.yaml", "name: third\ncommand: [sh, run.sh]\n");
    assertThat(agents.register(other).isTaken()).isTrue();
    assertThat(agents.all())
        .extracting(s -> s.manifest().name().value())
        .containsExactly("sample", "third");
  }

  @Test
  void anUnregisteredAgentIsUnknown() {
    registered(sample().script("echo 1"));

    assertThat(agents.unregister(folder.resolve("sample"))).isTrue();

    assertThat(agents.unregister(folder.resolve("sample"))).isFalse();
    failed(run("sample", Map.of()), FailureType.AGENT_UNKNOWN);
  }

  @Test
  void theSelfTestMayMountTheAgentsOwnFolder() {
    TestAgent reader =
        sample()
            .with("mounts: [ { input: target, as: /work/source } ]")
            .with("selfTest: { input: { target: fixture }, expect: 5 }")
            .file("fixture.txt", "")
            .script("cat /work/source");
    reader.file("fixture", "5");

    assertThat(registered(reader)).isEqualTo(new Available(true));
  }

  private static String echo(String answer) {
    return "while read -r line; do echo '" + answer + "'; done";
  }

  @Test
  void theSelfTestOfAWarmAgentFindsOutWhetherItSpeaksTheProtocol() {
    TestAgent warm = sample().with("warm: true").with("selfTest: { input: {}, expect: { n: 42 } }");

    assertThat(registered(warm.script(echo("{\"output\":{\"n\":42}}"))))
        .isEqualTo(new Available(true));
    assertThat(registered(warm.script(echo("{\"n\":42}"))).describe())
        .contains("PROTOCOL", "either \"output\" or \"exit\"");
    TestAgent cold = warm.with("timeout: 300ms").script("cat >/dev/null; echo '{\"n\":42}'");
    assertThat(registered(cold).describe()).contains("TIMEOUT", "did not answer");
  }

  @Test
  void aWarmAgentThatIsChangedOrUnregisteredHasNoOldProcessLeft() {
    TestAgent warm = sample().with("warm: true");
    registered(warm.script(echo("{\"output\":1}")));
    assertThat(((Succeeded) run("sample", Map.of())).output()).isEqualTo(1L);

    registered(warm.script(echo("{\"output\":2}"))); // the manifest is the same
    assertThat(((Succeeded) run("sample", Map.of())).output()).isEqualTo(2L);

    String mark = RuntimeContract.mark();
    registered(warm.command("[sh, run.sh, \"" + mark + "\"]"));
    assertThat(run("sample", Map.of())).isInstanceOf(Succeeded.class);
    assertThat(RuntimeContract.living(mark)).isPositive();
    agents.unregister(folder.resolve("sample"));
    await().atMost(RuntimeContract.SOON).until(() -> RuntimeContract.living(mark) == 0);
  }
}
