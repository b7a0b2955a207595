package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.agent.AgentManifest.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both versions of control groups, on folders that look like the kernel's. */
class ControlGroupIT {
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(1), 64L << 20, 0.5, 10, 64, 1L << 20, 1L << 20, 1L << 20);

  @TempDir Path folder;
  private Path process;
  private Path own;

  @BeforeEach
  void mountNothing() throws IOException {
    process = Files.createDirectories(folder.resolve("proc"));
    own = Files.createDirectories(folder.resolve("cgroup/user.slice/drover.service"));
  }

  private void file(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void unified(String controllers, String on, String processes) throws IOException {
    file(process.resolve("cgroup"), "0::/user.slice/drover.service\n");
    file(
        process.resolve("mountinfo"),
        "36 35 0:31 / %s rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
            .formatted(folder.resolve("cgroup")));
    file(own.resolve("cgroup.controllers"), controllers);
    file(own.resolve("cgroup.subtree_control"), on);
    file(own.resolve("cgroup.procs"), processes);
  }

  @Test
  void versionTwoIsUsedWhereItIsHandedOn() throws Exception {
    unified("cpuset cpu io memory pids\n", "cpu memory pids\n", "");

    ControlGroupLayout layout = ControlGroupLayout.of(process);

    assertThat(layout.version()).isEqualTo("v2");
    assertThat(layout.bases()).containsExactly(own);
    assertThat(layout.hasCpu()).isTrue();
  }

  @Test
  void aServerAloneInItsGroupMovesAsideAndHandsOnTheControllers() throws Exception {
    String pid = String.valueOf(ProcessHandle.current().pid());
    unified("memory pids\n", "\n", pid + "\n");
    file(own.resolve("drover-server/cgroup.procs"), "");

    ControlGroupLayout layout = ControlGroupLayout.of(process);

    assertThat(own.resolve("drover-server/cgroup.procs")).hasContent(pid);
    assertThat(own.resolve("cgroup.subtree_control")).content().startsWith("+pids"); // the last
    assertThat(layout.hasCpu()).isFalse();
  }

  @Test
  void theNextRuntimeOfThatServerFindsItsWayBack() throws Exception {
    unified("memory pids\n", "memory pids\n", "");
    file(process.resolve("cgroup"), "0::/user.slice/drover.service/drover-server\n");

    assertThat(ControlGroupLayout.of(process).bases()).containsExactly(own);
  }

  @Test
  void whoSharesAGroupWithOthersOrGetsNoControllersIsTold() throws IOException {
    unified("memory pids\n", "\n", "1\n");
    assertThatThrownBy(() -> ControlGroupLayout.of(process))
        .isInstanceOf(ControlGroupLayout.Unusable.class)
        .hasMessageContaining("Delegate=yes");

    unified("hugetlb\n", "\n", "1\n");
    assertThatThrownBy(() -> ControlGroupLayout.of(process))
        .isInstanceOf(ControlGroupLayout.Unusable.class)
        .hasMessageContaining("no memory and pids controllers");
  }

  @Test
  void versionOneIsFoundInItsSeveralTreesAlsoBelowAContainersRoot() throws Exception {
    file(
        process.resolve("cgroup"),
        "5:memory:/docker/abc/x\n4:pids:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/\n");
    List<String> mounts = new ArrayList<>();
    for (String name : List.of("memory", "pids", "cpuacct,cpu")) {
      mounts.add(
          "36 35 0:31 /docker/abc %s rw - cgroup cgroup rw,%s"
              .formatted(folder.resolve(name), name));
    }
    Files.write(process.resolve("mountinfo"), mounts);

    ControlGroupLayout layout = ControlGroupLayout.of(process);

    assertThat(layout.version()).isEqualTo("v1");
    assertThat(layout.controllers())
        .containsEntry("memory", folder.resolve("memory/x"))
        .containsEntry("pids", folder.resolve("pids"))
        .containsEntry("cpu", folder.resolve("cpuacct,cpu"));
  }

  private ControlGroup group(boolean unified, String... files) throws IOException {
    Path group = own.resolve("drover-1");
    for (String name : files) {
      file(group.resolve(name), "");
    }
    Map<String, Path> controllers = Map.of("memory", own, "pids", own, "cpu", own);
    return new ControlGroup(
        new ControlGroupLayout(unified, controllers), List.of(group), LIMITS, path -> {});
  }

  @Test
  void theBoundsOfVersionTwoAreSetAndItsEventsRead() throws IOException {
    ControlGroup group =
        group(true, "pids.max", "memory.max", "memory.oom.group", "cpu.max", "cpu.weight");

    group.limit(3);

    Path set = own.resolve("drover-1");
    assertThat(set.resolve("pids.max")).hasContent("13");
    assertThat(set.resolve("memory.max")).hasContent("67108864");
    assertThat(set.resolve("memory.oom.group")).hasContent("1");
    assertThat(set.resolve("cpu.max")).hasContent("50000 100000");
    assertThat(set.resolve("memory.swap.max")).as("what a kernel lacks").doesNotExist();

    file(set.resolve("pids.events"), "max 0\n");
    file(set.resolve("memory.events"), "low 0\nhigh 0\nmax 7\noom 0\noom_kill 0\n");
    assertThat(group.breach()).isEmpty();
    file(set.resolve("memory.events"), "max 9\noom 1\noom_kill 1\noom_group_kill 1\n");
    assertThat(group.breach().orElseThrow().type()).isEqualTo(FailureType.MEMORY);
    file(set.resolve("pids.events"), "max 2\n");
    assertThat(group.breach().orElseThrow().type()).isEqualTo(FailureType.PIDS);
  }

  @Test
  void theEventsOfVersionOneAreReadElsewhere() throws IOException {
    ControlGroup group = group(false);
    Path set = own.resolve("drover-1");

    assertThat(group.breach()).as("a group that has gone").isEmpty();
    file(set.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    assertThat(group.breach().orElseThrow().message()).contains("64 MiB");
  }

  @Test
  void killingUsesTheKernelsOwnWayWhereItHasOne() throws IOException {
    ControlGroup group = group(true, "cgroup.kill");

    group.kill();

    assertThat(own.resolve("drover-1/cgroup.kill")).hasContent("1");
  }
}
