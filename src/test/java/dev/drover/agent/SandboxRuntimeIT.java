package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SandboxRuntimeIT extends RuntimeContract {
  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
    RequiredTool.assume("prlimit");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    return new SandboxRuntime(settings, executor);
  }

  private String told(String... script) {
    run(agent().script(script));
    return String.join("\n", lines());
  }

  @Test
  void theSandboxWorksHere() {
    assertThat(SandboxRuntime.unavailable()).isEmpty();
  }

  @Test
  void nothingOfTheHostCanBeReadButItsPrograms() throws IOException {
    Path own = Files.writeString(folder.resolve("own.txt"), "the test's own file");
    String home = System.getProperty("user.home");
    String told =
        told(
            "cat " + own + " /etc/shadow /etc/passwd >&2 || echo refused >&2",
            "ls -A " + home + " /home /var /run /etc/ssl/private >&2",
            "ls -A / | tr '\\n' ' ' >&2",
            "echo 1");

    assertThat(told).contains("refused").doesNotContain("the test's own file", "root:");
    String root = lines().get(lines().size() - 1);
    assertThat(root.trim().split(" "))
        .contains("agent", "usr", "tmp")
        .doesNotContain("root", "home");
  }

  @Test
  void nothingCanBeWrittenButTheTemporaryFolderAndThatIsBounded() {
    TestAgent writer =
        agent()
            .with("resources: { memory: 64Mi }")
            .script(
                "for f in /agent/x /usr/x /x /etc/x /dev/x; do echo a > $f && echo WROTE $f >&2; done",
                "echo a > /tmp/x && echo wrote /tmp >&2",
                "head -c 100000000 /dev/zero > /tmp/large || echo tmp full >&2",
                "head -c 100000000 /dev/zero > /dev/shm/large || echo shm full >&2",
                "echo 1");
    run(writer);

    assertThat(lines()).contains("wrote /tmp", "tmp full", "shm full");
    assertThat(String.join("\n", lines())).doesNotContain("WROTE");
  }

  @Test
  void theAgentIsNobodyWithoutRightsAndSeesNoOtherProcess() {
    String told =
        told(
            "id -u >&2",
            "grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status >&2",
            "unshare -Ur true || echo no namespaces >&2",
            "ls /proc | grep -c '^[0-9]' >&2",
            "echo 1");

    assertThat(lines().get(0)).isEqualTo("65534");
    assertThat(told).contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000");
    assertThat(told).contains("NoNewPrivs:\t1", "no namespaces");
    assertThat(Integer.parseInt(lines().get(lines().size() - 1))).isLessThan(7);
  }

  @Test
  void withoutNetworkTheHostsLoopbackCannotBeReached() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String source =
          "public class Connect { public static void main(String[] a) throws Exception {"
              + " try (var s = new java.net.Socket(\"127.0.0.1\", "
              + server.getLocalPort()
              + ")) { System.out.println(true); } } }";
      TestAgent connect = agent().command("[java, Connect.java]").file("Connect.java", source);

      Failed refused = failed(run(connect), FailureType.EXIT_CODE);
      assertThat(refused.message()).contains("java.net.");
      assertThat(output(run(connect.with("network: any")))).isEqualTo(true);
    }
  }

  @Test
  void theKernelsSettingsCantBeWritten() throws IOException {
    TestAgent writer =
        agent()
            .script("name=/proc/sys/kernel/hostname; was=$(cat $name); echo $was > $name; echo $?");

    assertThat(output(run(writer))).isNotEqualTo(0L);
  }

  @Test
  void aMountIsReadOnlyUnlessTheManifestSaysOtherwise() throws IOException {
    Path allowed = folder.resolve("allowed");
    TestAgent writer =
        agent()
            .with("mounts: [ { input: target, as: /work/source } ]")
            .script("cat >&2; echo >&2; echo a > /work/source/new; echo $?");
    Map<String, Object> input = Map.of("target", allowed.toString());

    assertThat(output(run(writer, input))).isNotEqualTo(0L);
    assertThat(lines()).contains("{\"target\":\"/work/source\"}");
    assertThat(allowed.resolve("new")).doesNotExist();

    TestAgent trusted =
        TestAgent.in(folder, "trusted")
            .with("mounts: [ { input: target, as: /work/source, readOnly: false } ]")
            .script("echo a > /work/source/new; echo $?");
    assertThat(output(run(trusted, input))).isEqualTo(0L);
    assertThat(allowed.resolve("new")).exists();
  }

  @Test
  void aProgramThatTheSandboxDoesNotShowIsMissing() throws IOException {
    Path tool = Files.writeString(folder.resolve("tool"), "#!/bin/sh\necho 1\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    AgentManifest manifest = agent().command("[\"" + tool + "\"]").read();

    assertThat(runtime.missing(manifest).orElseThrow()).contains("does not see");
  }
}
