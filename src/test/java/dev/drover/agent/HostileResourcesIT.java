package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agent.AttemptResult.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Agents that take all they can get: memory, disk, descriptors, processors, pipes. */
class HostileResourcesIT extends HostileAgents {
  private static final String EAT = "$x = 'x' x 30e6; $y = $x . $x; sleep 20";

  /** Eight of them, none of which holds more than it may. */
  private TestAgent family() {
    return agent("family")
        .with("resources: { memory: 128Mi, pids: 32 }")
        .command("[perl, eat.pl]")
        .file("eat.pl", "for (1..7) { fork or last } " + EAT);
  }

  @Test
  void memoryIsCountedForAllProcessesTogether() {
    Failed hog = failed(run(family()), FailureType.MEMORY);

    assertThat(hog.message()).contains("128 MiB");
  }

  @Test
  void withoutControlGroupsTheReasonsAreTheSame() {
    Bubblewrap bubblewrap = Bubblewrap.find().usable().orElseThrow();
    runtime.close();
    RuntimeSettings settings =
        new RuntimeSettings(List.of(), List.of(), n -> Optional.empty(), 8, Clock.systemUTC());
    runtime =
        new SandboxRuntime(
            new BubblewrapIsolation.Equipment(bubblewrap, Optional.empty(), Optional.empty()),
            settings,
            executor);
    TestAgent bomb =
        agent("bomb")
            .with("resources: { pids: 32 }")
            .script("i=0; while [ $i -lt 300 ]; do sleep 20 & i=$((i+1)); done", "wait");

    RunningAttempt hog = start(family(), Map.of(), SOON);
    RunningAttempt forks = start(bomb, Map.of(), SOON);

    assertThat(failed(end(hog), FailureType.MEMORY).message()).contains("128 MiB");
    assertThat(failed(end(forks), FailureType.PIDS).message()).contains("allows 32");
  }

  @Test
  void filesInMemoryAreMemory() {
    Assumptions.assumeTrue(ControlGroups.find().usable().isPresent(), "needs control groups");
    TestAgent filler =
        agent("filler")
            .with("resources: { memory: 64Mi, tmp: 512Mi }")
            .script("head -c 300000000 /dev/zero > /tmp/large; sleep 20");

    failed(run(filler), FailureType.MEMORY);
  }

  @Test
  void diskAndDescriptorsHaveTheirBounds() throws IOException {
    Path target = Files.createDirectories(folder.resolve("allowed/out"));
    TestAgent filler =
        agent("filler")
            .with("resources: { memory: 64Mi, tmp: 4Mi, files: 64 }")
            .with("mounts: [ { input: target, as: /work/out, readOnly: false } ]")
            .script(
                "for folder in /tmp /dev/shm; do",
                "  head -c 8000000 /dev/zero > $folder/large && echo FILLED $folder >&2",
                "  echo $folder $(wc -c < $folder/large) >&2",
                "done",
                "dd if=/dev/zero of=/work/out/large bs=1 count=1 seek=3G && echo FILLED out >&2",
                "perl -e 'for (1..1000) { open $f[$_], q(<), q(/dev/null) or die qq($_\\n) }'",
                "ls -A / /dev /run 2>/dev/null | head -c 1000 >/dev/null; echo 1");

    assertThat(output(run(filler, Map.of("target", target.toString())))).isEqualTo(1L);

    assertThat(lines()).contains("/tmp 4194304", "/dev/shm 4194304");
    assertThat(lines()).noneMatch(line -> line.startsWith("FILLED"));
    assertThat(lines()).anyMatch(line -> line.matches("(5|6)\\d")); // at which the 64 were used up
    assertThat(Files.size(target.resolve("large"))).isLessThan(1L << 30);
  }

  @Test
  void aProcessorIsNotTakenWhole() {
    Assumptions.assumeTrue(ControlGroups.find().usable().isPresent(), "needs control groups");
    String script = "alarm 3; $SIG{ALRM} = sub { print((times)[0]); exit }; 1 while 1;";
    TestAgent half =
        agent("half")
            .with("resources: { cpus: 0.25 }")
            .command("[perl, burn.pl]")
            .file("burn.pl", script);

    assertThat((Double) output(run(half))).isLessThan(1.2);
  }

  @Test
  void floodsOfEveryKindAreBoundedWhileAnotherAgentWorks() {
    TestAgent output = agent("output").script("yes");
    TestAgent line = agent("line").script("head -c 40000000 /dev/zero | tr '\\0' x >&2; echo 1");
    TestAgent endless = agent("endless").script("yes talk >&2").with("logLimit: 64Ki");
    TestAgent closed = agent("closed").script("exec >&- 2>&- <&-; sleep 0.2; exit 0");
    TestAgent deaf = agent("deaf").script("exec <&-; echo 1");
    TestAgent half = agent("half").script("printf '[1,'; exec >&-; sleep 0.1");

    RunningAttempt forever = start(endless, Map.of(), Duration.ofSeconds(2));
    RunningAttempt huge = start(line, Map.of(), SOON);
    RunningAttempt written = start(output, Map.of(), SOON);
    RunningAttempt shut = start(closed, Map.of(), SOON);
    RunningAttempt unread = start(deaf, Map.of("a", "x".repeat(4_000_000)), SOON);
    RunningAttempt cut = start(half, Map.of(), SOON);
    assertThat(output(run(agent("worker").script("echo 2")))).isEqualTo(2L);

    failed(end(written), FailureType.OUTPUT_TOO_LARGE);
    failed(end(shut), FailureType.OUTPUT_NOT_JSON);
    failed(end(cut), FailureType.OUTPUT_NOT_JSON);
    assertThat(output(end(unread))).isEqualTo(1L);
    assertThat(output(end(huge))).isEqualTo(1L);
    failed(end(forever), FailureType.TIMEOUT);
    assertThat(lines().stream().mapToInt(String::length).max().orElseThrow()).isLessThan(20_000);
    assertThat(lines().stream().mapToLong(String::length).sum()).isLessThan(11L << 20);
  }
}
