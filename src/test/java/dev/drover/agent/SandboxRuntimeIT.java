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

class SandboxRuntimeIT extends HostRuntimeContract {
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
            .with("resources: { memory: 64Mi, tmp: 16Mi }")
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

  @Test
  void aFilterThatHasBeenTidiedUpIsWrittenAgain() throws IOException {
    Bubblewrap bubblewrap = Bubblewrap.find().usable().orElseThrow();
    try (SeccompFiles files = SeccompFiles.find(bubblewrap).usable().orElseThrow()) {
      for (boolean hostNetwork : new boolean[] {false, true}) {
        Path file = files.filter(hostNetwork);
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);

        assertThat(files.filter(hostNetwork)).isEqualTo(file).hasBinaryContent(before);
      }
      assertThat(bubblewrap.fault(files.filter(false))).isEmpty();
    }
  }

  @Test
  void theLanguagesOfAgentsWorkUnderTheFilter() {
    String script =
        """
        const { spawnSync } = require('child_process');
        const { Worker } = require('worker_threads');
        require('fs').writeFileSync('/tmp/a', spawnSync('echo', ['child']).stdout);
        new Worker('require("worker_threads").parentPort.postMessage(process.version)', { eval: true })
          .on('message', () => console.log(JSON.stringify(require('fs').readFileSync('/tmp/a', 'utf8').trim())));
        """;
    if (CommandLine.onPath("node").isPresent()) {
      TestAgent node = TestAgent.in(folder, "node").command("[node, a.js]").file("a.js", script);
      assertThat(output(run(node))).isEqualTo("child");
    }
    if (CommandLine.onPath("git").isPresent()) {
      TestAgent git =
          TestAgent.in(folder, "git")
              .script(
                  "cd /tmp && git init -q r && cd r && date > a && git add a >&2",
                  "git -c user.name=a -c user.email=a@b commit -qm first >&2",
                  "git clone -q . ../c >&2 && git -C ../c rev-list --count HEAD");
      assertThat(output(run(git))).isEqualTo(1L);
    }
    if (Files.exists(Path.of("/usr/bin/python3"))) {
      String source =
          """
          import multiprocessing.pool, subprocess
          pool = multiprocessing.pool.ThreadPool(2)
          print(sum(pool.map(lambda i: int(subprocess.check_output(['echo', str(i)])), [1, 2])))
          """;
      TestAgent python =
          TestAgent.in(folder, "python").command("[/usr/bin/python3, a.py]").file("a.py", source);
      assertThat(output(run(python))).isEqualTo(3L);
    }
    TestAgent perl =
        TestAgent.in(folder, "perl")
            .script("perl -e 'my $n = `echo 7`; print $n'")
            .with("network: any");
    assertThat(output(run(perl))).isEqualTo(7L);
    TestAgent java =
        TestAgent.in(folder, "java")
            .command("[java, A.java]")
            .with("network: any")
            .file(
                "A.java",
                "public class A { public static void main(String[] a) throws Exception {"
                    + " java.nio.channels.Selector.open().close(); Thread t = new Thread(() ->"
                    + " System.out.println(1)); t.start(); t.join(); new ProcessBuilder(\"true\")"
                    + ".start().waitFor(); java.net.InetAddress.getAllByName(\"localhost\"); } }");
    assertThat(output(run(java))).isEqualTo(1L);
  }
}
