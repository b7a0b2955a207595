package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.TestEngine;
import dev.drover.agent.dagger.TestEngine.Flavour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is particular about attempts in containers: log, trace, cache, mounts. */
class DaggerAttemptsIT extends RuntimeFixture {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private TestEngine engine;

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    engine = new TestEngine(Flavour.IDS_BY_TYPE, folder.resolve("store"));
    DaggerEngine dagger = new DaggerEngine(SessionSettings.of(engine.environment()));
    return new DaggerRuntime(settings, dagger, DaggerRuntime.Egress.DENIED, executor);
  }

  @Override
  RuntimeSettings settings(int maxConcurrent) {
    RuntimeSettings same = super.settings(50);
    List<Path> libraries =
        List.of(folder.resolve("one/library.jar"), folder.resolve("library.jar"));
    return new RuntimeSettings(libraries, same.mountRoots(), same.secrets(), 50, Clock.systemUTC());
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Override
  TestAgent agent(String name) {
    return super.agent(name).with("image: test:1");
  }

  private RunningAttempt traced(AgentManifest manifest, String node, LogSink sink) {
    AttemptIdentity identity =
        new AttemptIdentity("run-1", node, 1, "run-1/" + node, Optional.of(PARENT), "ops/sample");
    return runtime.start(new AttemptRequest(manifest, Map.of(), folder, SOON, identity, sink));
  }

  @Test
  void theEnvironmentHoldsOnlyWhatIsPromisedAndTheTraceIsTheRuns() {
    AgentManifest teller = agent().script("env >&2; echo 1").read();
    LogSink keep =
        lines -> {
          log.addAll(lines);
          return CompletableFuture.completedFuture(null);
        };

    assertThat(output(end(traced(teller, "n", keep)))).isEqualTo(1L);

    Map<String, String> env = new java.util.TreeMap<>();
    lines().forEach(l -> env.put(l.split("=", 2)[0], l.split("=", 2)[1]));
    assertThat(env.remove("TRACEPARENT")).startsWith("00-" + TRACE + "-");
    assertThat(env.remove("DROVER_ATTEMPT_KEY")).hasSize(36);
    env.keySet().removeAll(List.of("PATH", "PWD", "OLDPWD", "SHLVL", "_"));
    assertThat(env)
        .isEqualTo(
            Map.of(
                "HOME", "/tmp",
                "LANG", "C.UTF-8",
                "DROVER_RUN", "run-1",
                "DROVER_NODE", "n",
                "DROVER_ATTEMPT", "1",
                "DROVER_IDEMPOTENCY_KEY", "run-1/n"));
    assertThat(engine.traceparents()).containsExactly(PARENT);
  }

  @Test
  void attemptsOfOneTraceAtTheSameTimeDoNotGetEachOthersLines() {
    AgentManifest teller =
        agent()
            .script("for i in 1 2 3; do echo $DROVER_NODE $i >&2; sleep 0.1; done; echo 1")
            .read();
    Map<String, List<String>> told = new java.util.concurrent.ConcurrentHashMap<>();
    List<RunningAttempt> attempts =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    traced(
                        teller,
                        "n" + i,
                        lines -> {
                          told.computeIfAbsent(
                                  "n" + i, n -> Collections.synchronizedList(new ArrayList<>()))
                              .addAll(lines.stream().map(LogLine::text).toList());
                          return CompletableFuture.completedFuture(null);
                        }))
            .toList();
    attempts.forEach(RuntimeFixture::end);

    told.forEach(
        (node, lines) -> assertThat(lines).containsExactly(node + " 1", node + " 2", node + " 3"));
    assertThat(told).hasSize(4);
    assertThat(engine.traceparents()).contains(PARENT).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void withoutTheStreamTheLinesComeAtTheEnd() {
    engine.withoutLogStream();

    run(agent().script("echo a >&2; echo b >&2; kill -9 $$"));

    assertThat(lines()).containsExactly("a", "b");
  }

  @Test
  void whatTheStreamLosesComesAtTheEndAndNothingComesTwice() {
    engine.losesLogRecords(3);

    run(
        agent()
            .script("i=0; while [ $i -lt 40 ]; do echo line $i >&2; i=$((i+1)); sleep 0.01; done"));

    assertThat(lines())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 40).mapToObj(i -> "line " + i).toList());
  }

  @Test
  void equalAttemptsOfTwoProjectsShareNothing() {
    AgentManifest random =
        agent().script("echo \\\"$(cat /proc/sys/kernel/random/uuid)\\\"").read();

    Object one = output(end(start(random, Map.of(), SOON, "ops/sample")));
    Object other = output(end(start(random, Map.of(), SOON, "finance/sample")));

    assertThat(one).asString().hasSize(36);
    assertThat(other).asString().hasSize(36).isNotEqualTo(one);
  }

  @Test
  void aWritableMountIsWrittenBackAfterSuccessOnly() throws IOException {
    Path allowed = folder.resolve("allowed");
    TestAgent writer =
        agent().with("mounts: [ { input: target, as: /work/source, readOnly: false } ]");
    Map<String, Object> input = Map.of("target", allowed.toString());

    run(writer.script("echo a > /work/source/failed; exit 1"), input);
    assertThat(allowed).isEmptyDirectory();

    assertThat(output(run(writer.script("echo a > /work/source/new; echo 1"), input)))
        .isEqualTo(1L);
    assertThat(allowed.resolve("new")).hasContent("a");

    TestAgent reader =
        agent("reader")
            .with("mounts: [ { input: target, as: /work/source } ]")
            .script("cat /work/source/new >&2; echo b > /work/source/new; echo 1");
    assertThat(output(run(reader, input))).isEqualTo(1L);
    assertThat(lines()).contains("a");
    assertThat(allowed.resolve("new")).hasContent("a");
  }

  @Test
  void theLibrariesOfJavaAgentsAreThereUnderTheirOwnNames() throws IOException {
    Files.createDirectories(folder.resolve("one"));
    Files.writeString(folder.resolve("one/library.jar"), "1");
    Files.writeString(folder.resolve("library.jar"), "2");
    TestAgent java =
        agent()
            .command(
                "[sh, -c, \"echo $0 >&2; cat $(echo $0 | tr : ' ')\", \"${agents.classpath}\"]")
            .script("");

    assertThat(output(run(java))).isEqualTo(12L);
    assertThat(lines().get(0)).startsWith("/drover-agents/library.jar:/drover-agents/");
  }

  @Test
  void aDockerfileInTheAgentsFolderIsBuilt() {
    TestAgent built =
        super.agent("built")
            .file("Dockerfile", "FROM from-dockerfile:1\nENV BUILT=7\n")
            .script("echo $BUILT");

    assertThat(output(run(built))).isEqualTo(7L);
  }

  @Test
  void fiftyAttemptsRunAtTheSameTimeAndHoldNoThreads() {
    assertThat(output(run(agent().script("echo 1")))).isEqualTo(1L); // warm
    AgentManifest waiting = agent("waiting").script("sleep 60").read();
    Duration limit = Duration.ofSeconds(60);
    List<RunningAttempt> attempts =
        IntStream.range(0, 50).mapToObj(i -> start(waiting, Map.of(), limit)).toList();

    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> engine.running() == 50);
    long ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().startsWith("dagger") || t.getName().startsWith("pool-"))
            .count();
    attempts.forEach(attempt -> attempt.cancel("seen enough"));
    attempts.forEach(a -> assertThat(end(a)).isInstanceOf(AttemptResult.Cancelled.class));

    assertThat(ours).isLessThan(12);
    await().atMost(SOON).until(() -> engine.running() == 0);
  }

  @Test
  void aSinkThatStandsStillIsGivenUpAndTheResultComesWithoutIt() {
    List<LogLine> taken = Collections.synchronizedList(new ArrayList<>());
    LogSink still =
        lines -> {
          taken.addAll(lines);
          return new CompletableFuture<>();
        };
    AgentManifest noisy = agent().script("seq 1 5000 >&2; sleep 60").read();

    failed(end(start(noisy, still, Duration.ofMillis(500))), FailureType.TIMEOUT);

    assertThat(taken).hasSizeBetween(LogHandover.MOST_LINES, LogHandover.MOST_LINES + 2);
    assertThat(taken.get(taken.size() - 1).text()).startsWith("[log cut: the rest");
  }

  @Test
  void secretsAreInNoQueryAndNoLog() {
    TestAgent leak =
        agent()
            .with("env: { TOKEN: \"${{ secrets.TOKEN }}\" }")
            .script("echo $TOKEN >&2; echo \"\\\"$TOKEN\\\"\"");

    assertThat(output(run(leak))).isEqualTo("***");
    assertThat(lines()).containsExactly("***");
    assertThat(String.join("\n", engine.queries())).doesNotContain(TOKEN);
    assertThat(engine.bodies().stream().filter(body -> body.contains(TOKEN)))
        .allMatch(body -> body.contains("setSecret"));
  }
}
