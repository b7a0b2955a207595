package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.drover.artifact.ArtifactSweep;
import dev.drover.artifact.FolderStore;
import dev.drover.journal.ArtifactRows;
import dev.drover.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files between nodes, through the whole server. */
class ArtifactsIT {
  private static final String PASS =
      """
      name: pass
      inputs:
        text: { type: string, default: hello }
      nodes:
        write: { agent: writer, with: { text: "${{ inputs.text }}" } }
        read: { dependsOn: [write], agent: reader, with: { file: "${{ nodes.write.output.file }}" } }
      outputs: { read: "${{ nodes.read.output }}", file: "${{ nodes.write.output.file }}" }
      """;

  @TempDir private static Path home;
  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    agent("writer", "artifacts: {}", WRITER);
    agent("reader", "mounts: [ { input: file, as: /work/file } ]", READER);
    agent(
        "failing",
        "mounts: [ { input: file, as: /work/file } ]",
        "[ -e fixed ] || exit 1\n" + READER);
    agent(
        "clumsy",
        "artifacts: {}",
        "echo x > $DROVER_OUT/a\n[ $DROVER_ATTEMPT = 2 ] || exit 75\necho '{\"$artifact\":\"a\"}'\n");
    agent(
        "large",
        "artifacts: {}",
        "head -c 52428800 /dev/zero > $DROVER_OUT/a\necho '{\"$artifact\":\"a\"}'\n");
    agent(
        "sums",
        "mounts: [ { input: file, as: /work/file } ]",
        "printf '\"%s\"' $(sed 's/.*\"file\":\"\\([^\"]*\\)\".*/\\1/' | xargs sha256sum | cut -c1-64)\n");
    Files.createDirectories(home.resolve("workflows"));
    server = RunningServer.in(home);
  }

  private static final String WRITER =
      """
      sed 's/.*"text":"\\([^"]*\\)".*/\\1/' > "$DROVER_OUT/a report.html"
      echo '{"file":{"$artifact":"a report.html","mediaType":"text/html"}}'
      """;

  private static final String READER =
      """
      path=$(sed 's/.*"file":"\\([^"]*\\)".*/\\1/')
      printf '"%s"' "$(cat "$path")"
      """;

  private static void agent(String name, String line, String script) throws IOException {
    Path folder = Files.createDirectories(home.resolve("agents").resolve(name));
    Files.writeString(
        folder.resolve("agent.yaml"),
        "name: %s\ncommand: [sh, run.sh]\n%s\n".formatted(name, line));
    Files.writeString(folder.resolve("run.sh"), script);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply succeeded(Reply run) {
    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    return run;
  }

  private static List<Map<String, Object>> artifacts(String project, String run) {
    return server.get("/api/runs/" + run + "/artifacts?project=" + project).is(200).list("items");
  }

  /** Sweeps as the server does every ten minutes, two hours later. */
  private static void sweep() {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
    new ArtifactSweep(
            new ArtifactRows(server.dataSource()),
            new FolderStore(home.resolve("data/artifacts")),
            later)
        .run();
  }

  private static long files(String project) throws IOException {
    Path folder = home.resolve("data/artifacts").resolve(project);
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void whatOneNodeWritesAnotherReads() {
    String project = server.newProject();
    server.deploy(project, PASS);

    Reply run = succeeded(server.run(project, "pass", "{}"));

    assertThat(run.at("outputs.read")).isEqualTo("hello");
    String id = run.text("outputs.file.artifact");
    assertThat(artifacts(project, run.text("id")))
        .singleElement()
        .satisfies(
            a ->
                assertThat(a)
                    .containsEntry("id", id)
                    .containsEntry("node", "write")
                    .containsEntry("attempt", 1L)
                    .containsEntry("name", "a report.html")
                    .containsEntry("size", 5L)
                    .containsEntry("mediaType", "text/html"));
    Reply content = server.get("/api/artifacts/" + id + "?project=" + project).is(200);
    assertThat(content.body()).isEqualTo("hello");
    assertThat(content.contentType()).isEqualTo("application/octet-stream");
    assertThat(content.http().headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"a report.html\"; filename*=UTF-8''a%20report.html");
    assertThat(content.http().headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(content.http().headers().firstValueAsLong("Content-Length")).hasValue(5);
    assertThat(home.resolve("data/attempts")).isEmptyDirectory();
  }

  @Test
  void nobodyReadsTheArtifactsOfAnotherProjectOrOfAStrangersRun() {
    String project = server.newProject();
    server.deploy(project, PASS);
    String id = succeeded(server.run(project, "pass", "{}")).text("outputs.file.artifact");
    String other = server.newProject();
    String forging =
        """
        name: forging
        inputs: { id: { type: string } }
        nodes:
          read: { agent: reader, with: { file: { artifact: "${{ inputs.id }}", name: x } } }
        """;
    server.deploy(other, forging);
    server.deploy(project, forging);

    for (String attacker : List.of(other, project)) {
      Reply run = server.run(attacker, "forging", "{\"inputs\":{\"id\":\"" + id + "\"}}");
      assertThat(RunningServer.node(run, "read").get("error").toString())
          .contains("MOUNT_REFUSED", "may read no artifact " + id);
    }
    server.get("/api/artifacts/" + id + "?project=" + other).isProblem(404);
    server.get("/api/artifacts/nonsense?project=" + other).isProblem(400);
    server.get("/api/runs/" + id + "/artifacts?project=" + other).isProblem(404);
  }

  @Test
  void subWorkflowsAndTheirParentsPassFilesOn() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: child
        inputs: { file: { type: object } }
        nodes:
          read: { agent: reader, with: { file: "${{ inputs.file }}" } }
          write: { dependsOn: [read], agent: writer, with: { text: "${{ nodes.read.output + '2' }}" } }
        outputs: { file: "${{ nodes.write.output.file }}" }
        """);
    server.deploy(
        project,
        """
        name: parent
        nodes:
          write: { agent: writer, with: { text: one } }
          first: { dependsOn: [write], workflow: child, with: { file: "${{ nodes.write.output.file }}" } }
          second: { dependsOn: [first], workflow: child, with: { file: "${{ nodes.first.output.file }}" } }
          read: { dependsOn: [second], agent: reader, with: { file: "${{ nodes.second.output.file }}" } }
        outputs: { read: "${{ nodes.read.output }}" }
        """);

    Reply run = succeeded(server.run(project, "parent", "{}"));

    assertThat(run.at("outputs.read")).isEqualTo("one22");
  }

  @Test
  void aRerunReadsWhatWasKeptAlsoWhenTheEarlierRunIsGone() throws IOException {
    String project = server.newProject();
    server.deploy(project, PASS.replace("agent: reader", "agent: failing"));
    Reply first = server.run(project, "pass", "{}");
    assertThat(first.text("state")).isEqualTo("FAILED");
    Path fixed = Files.writeString(home.resolve("agents/failing/fixed"), "");
    String earlier = first.text("id");
    String id = (String) artifacts(project, earlier).get(0).get("id");

    String again = server.act(project, earlier, "rerun", "{}").is(202).text("id");

    Reply run = succeeded(server.ended(project, again));
    Files.delete(fixed);
    assertThat(run.at("outputs.read")).isEqualTo("hello");
    assertThat(artifacts(project, again)).extracting(a -> a.get("id")).containsExactly(id);
    server.jdbc().sql("delete from run where id = ?::uuid").param(earlier).update();
    sweep();
    assertThat(server.get("/api/artifacts/" + id + "?project=" + project).is(200).body())
        .isEqualTo("hello");
    assertThat(artifacts(project, again)).hasSize(1);
    server.jdbc().sql("delete from run where id = ?::uuid").param(again).update();
    sweep();
    server.get("/api/artifacts/" + id + "?project=" + project).isProblem(404);
    assertThat(files(project)).isZero();
  }

  /** By all threads, since their beginning: what is held in memory was allocated. */
  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static List<Path> openFiles() throws IOException {
    List<Path> open = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : all) {
        Path target = Files.exists(one) ? Files.readSymbolicLink(one) : one;
        if (target.startsWith(home.resolve("data/artifacts"))) {
          open.add(target);
        }
      }
    }
    return open;
  }

  @Test
  void aLargeFileIsNeverInMemory() throws Exception {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: large
        nodes:
          write: { agent: large }
          read: { dependsOn: [write], agent: sums, with: { file: "${{ nodes.write.output }}" } }
        """);
    long before = allocated();

    Reply run = succeeded(server.run(project, "large", "{}"));
    Map<String, Object> file = Json.asObject(run.at("nodes.0.output"));
    URI content =
        server
            .request("/api/artifacts/" + file.get("artifact") + "?project=" + project)
            .build()
            .uri();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = content.toURL().openStream(); // the other client allocates for each read
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    }
    long allocated = allocated() - before;

    assertThat(file).containsEntry("size", 50L << 20);
    assertThat(run.at("nodes.1.output")).isEqualTo(file.get("sha256"));
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(file.get("sha256"));
    assertThat(allocated).isLessThan(40L << 20);
    for (int i = 0; i < 20; i++) { // whoever goes away half-way leaves nothing behind either
      try (InputStream in = content.toURL().openStream()) {
        assertThat(in.read()).isZero();
      }
    }
    await().atMost(Duration.ofSeconds(10)).until(ArtifactsIT::openFiles, List::isEmpty);
  }

  @Test
  void whatNoOutcomeRefersToIsSweptAndNothingElse() throws IOException {
    String project = server.newProject();
    server.deploy(project, "name: c\nnodes:\n  a: { agent: clumsy, retry: { delay: 1ms } }\n");
    Reply run = succeeded(server.run(project, "c", "{}"));
    String id = run.text("nodes.0.output.artifact");
    // As a server leaves it that dies between storing and the journal.
    String orphan = "01a20000-0000-7000-8000-000000000001";
    server
        .jdbc()
        .sql(
            """
            insert into artifact
            select ?::uuid, project, run, node_id, item, 1, 'a', media_type, size, sha256, ?::timestamptz
            from artifact where id = ?::uuid
            """)
        .params(orphan, Instant.now().toString(), id)
        .update();
    Path folder = Files.createDirectories(home.resolve("data/artifacts/" + project + "/01"));
    Files.writeString(folder.resolve(orphan), "x\n");
    assertThat(artifacts(project, run.text("id"))).extracting(a -> a.get("id")).containsExactly(id);

    sweep();

    assertThat(folder).isEmptyDirectory();
    assertThat(server.count(project, "artifact", "true")).isEqualTo(1);
    server.get("/api/artifacts/" + id + "?project=" + project).is(200);
  }
}
