package dev.drover.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.dagger.ContainerEnd.Aborted;
import dev.drover.agent.dagger.ContainerEnd.Exited;
import dev.drover.agent.dagger.ContainerEnd.Refused;
import dev.drover.agent.dagger.ContainerEnd.TimedOut;
import dev.drover.agent.dagger.ContainerEnd.TooLarge;
import dev.drover.agent.dagger.ContainerSpec.Bounds;
import dev.drover.agent.dagger.ContainerSpec.Dockerfile;
import dev.drover.agent.dagger.ContainerSpec.HostMount;
import dev.drover.agent.dagger.ContainerSpec.HostMount.Kind;
import dev.drover.agent.dagger.ContainerSpec.Image;
import dev.drover.agent.dagger.ContainerSpec.Program;
import dev.drover.agent.dagger.ContainerSpec.Root;
import dev.drover.agent.dagger.SessionProcess.Connection;
import dev.drover.agent.dagger.TestEngine.Flavour;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaggerEngineIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private TestEngine test;
  private DaggerEngine engine;
  private final List<String> log = new ArrayList<>();

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  private void open(Flavour flavour) {
    test = new TestEngine(flavour, folder.resolve("store"));
    engine = new DaggerEngine(SessionSettings.of(test.environment()));
  }

  @AfterEach
  void close() {
    engine.close();
    test.close();
  }

  private RunningContainer start(ContainerSpec spec) {
    return engine.run(spec, Optional.empty(), log::add);
  }

  private ContainerEnd end(ContainerSpec spec) {
    return start(spec).end().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static ContainerSpec spec(Root root, List<HostMount> mounts, String... args) {
    return spec(root, mounts, SOON, 1 << 20, args);
  }

  private static ContainerSpec spec(
      Root root, List<HostMount> mounts, Duration timeout, long output, String... args) {
    return new ContainerSpec(
        root,
        mounts,
        Map.of("MODE", "open-value"),
        Map.of("TOKEN", "s3cr3t"),
        new Program(List.of(args), "in", Optional.of("1000:1000"), Optional.of("/tmp")),
        new Bounds(timeout, output, 1 << 20, 0));
  }

  private static ContainerSpec shell(String image, String script) {
    return spec(new Image(image), List.of(), "/bin/sh", "-c", script);
  }

  private static Exited exited(ContainerEnd end) {
    assertThat(end).isInstanceOf(Exited.class);
    return (Exited) end;
  }

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void bothWaysWithIdsTakeEveryQueryOfARun(Flavour flavour) throws IOException {
    open(flavour);
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("changed"), "old");
    Files.writeString(data.resolve("gone"), "");
    Path file = Files.writeString(folder.resolve("file"), "old");
    Path fixed = Files.writeString(folder.resolve("fixed.jar"), "library");
    Path context = Files.createDirectories(folder.resolve("agent"));
    Files.writeString(context.resolve("Dockerfile"), "FROM from-dockerfile:1\nENV BUILT=here\n");
    List<HostMount> mounts =
        List.of(
            new HostMount(context, "/agent", Kind.READ),
            new HostMount(data, "/work/data", Kind.WRITE),
            new HostMount(file, "/work/file", Kind.WRITE),
            new HostMount(fixed, "/lib.jar", Kind.FIXED));
    String script =
        "cat; echo $MODE $BUILT; cat /work/data/changed /lib.jar; echo token $TOKEN >&2;"
            + " echo new > /work/data/changed; echo a > /work/data/added; rm /work/data/gone;"
            + " echo new > /work/file; echo lost > /agent/x; id -u";

    Exited end = exited(end(spec(new Dockerfile(context), mounts, "/bin/sh", "-c", script)));

    assertThat(end.stderr()).isEqualTo("token ***\n");
    assertThat(end.stdout()).isEqualTo("inopen-value here\noldlibrary1000\n");
    assertThat(data.resolve("changed")).hasContent("new");
    assertThat(data.resolve("added")).exists();
    assertThat(data.resolve("gone")).doesNotExist();
    assertThat(file).hasContent("new");
    assertThat(context.resolve("x")).doesNotExist();
  }

  @Test
  void whatItWroteIsNotWrittenBackWhenItFails() throws IOException {
    open(Flavour.ONE_ID);
    Path data = Files.createDirectories(folder.resolve("data"));
    List<HostMount> mounts = List.of(new HostMount(data, "/data", Kind.WRITE));

    assertThat(
            exited(end(spec(new Image("test:1"), mounts, "sh", "-c", "echo a >/data/x; exit 3")))
                .code())
        .isEqualTo(3);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void theEngineExecutesEqualQueriesOnceAndARunIsNeverEqualToAnother() {
    open(Flavour.ONE_ID);
    String uuid = "cat /proc/sys/kernel/random/uuid";
    Session session = new Session(HttpClient.newHttpClient(), connection(), Optional.empty());
    Query query =
        new Query()
            .enter("container")
            .enter("from", Query.text("address", "test:1"))
            .enter("withExec", Query.texts("args", List.of("sh", "-c", uuid)))
            .select("stdout");
    Reply first = session.ask(query).reply().join();

    assertThat(first).isInstanceOf(Reply.Data.class).isEqualTo(session.ask(query).reply().join());

    String one = exited(end(shell("test:1", uuid))).stdout();
    assertThat(one).hasSize(37).isNotEqualTo(exited(end(shell("test:1", uuid))).stdout());
  }

  private Connection connection() {
    Map<String, String> environment = test.environment();
    return new Connection(
        Integer.parseInt(environment.get(SessionSource.PORT)),
        environment.get(SessionSource.TOKEN));
  }

  @Test
  void aFieldThatDaggerDoesNotHaveIsRefused() {
    open(Flavour.IDS_BY_TYPE);
    Session session = new Session(HttpClient.newHttpClient(), connection(), Optional.empty());

    Reply reply = session.ask(new Query().enter("container").select("exitcode")).reply().join();

    assertThat(reply).isInstanceOf(Reply.Refused.class);
    assertThat(((Reply.Refused) reply).message()).contains("exitcode");
  }

  @Test
  void aSessionThatIsOfferedHttp2BreaksWhichIsWhyItIsNot() throws Exception {
    open(Flavour.ONE_ID);
    String basic =
        Base64.getEncoder()
            .encodeToString(
                (connection().token() + ":").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connection().port() + "/query"))
            .header("Authorization", "Basic " + basic)
            .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{version}\"}"))
            .build();

    int status =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode();

    assertThat(status).isEqualTo(502);
    assertThat(engine.version().join()).isEqualTo("v1.0.0");
  }

  @Test
  void anImageWithoutAShellRunsAllTheSame() {
    open(Flavour.ONE_ID);
    Image bare = new Image("scratch-like:1");

    assertThat(exited(end(spec(bare, List.of(), "cat"))).stdout()).isEqualTo("in");
    Exited missing = exited(end(spec(bare, List.of(), "nosuch")));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.stderr()).contains("executable file not found");
    ContainerEnd late = end(spec(bare, List.of(), Duration.ofMillis(300), 10, "sleep", "60"));
    assertThat(late).isInstanceOf(TimedOut.class);
    await().atMost(SOON).until(() -> test.running() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"test:1", "plain-shell:1"})
  void everyExitCodeComesThrough(String image) {
    open(Flavour.IDS_BY_TYPE);
    for (int code : List.of(0, 1, 75, 120, 124, 127, 128, 137, 143, 191, 192, 255)) {
      Exited end = exited(end(shell(image, "echo out; echo err >&2; exit " + code)));
      assertThat(end.code()).isEqualTo(code);
      assertThat(end.stdout().strip()).as("with exit code %d", code).isEqualTo("out");
      assertThat(end.stderr().strip()).isEqualTo("err");
      assertThat(end.whole()).isEqualTo(code < 128 || code > 191);
    }
    assertThat(exited(end(shell(image, "kill -9 $$"))).code()).isEqualTo(137);
  }

  @Test
  void outputIsBoundedFromInsideFromTheStreamAndInTheAnswer() {
    open(Flavour.ONE_ID);
    List<HostMount> none = List.of();
    String[] endless = {"cat", "/dev/zero"};

    assertThat(end(spec(new Image("test:1"), none, SOON, 1000, endless)))
        .isInstanceOf(TooLarge.class);
    assertThat(end(spec(new Image("plain-shell:1"), none, SOON, 1000, endless)))
        .isInstanceOf(TooLarge.class);
    await().atMost(SOON).until(() -> test.running() == 0);
    String million = "x=$(yes 1234567 | sed 5000q); echo $x";
    for (String image : List.of("test:1", "plain-shell:1")) {
      ContainerSpec exact = spec(new Image(image), none, SOON, 40_000, "sh", "-c", million);
      assertThat(exited(end(exact)).stdout()).hasSize(40_000);
      ContainerSpec short1 = spec(new Image(image), none, SOON, 39_999, "sh", "-c", million);
      assertThat(end(short1)).isInstanceOf(TooLarge.class);
    }
  }

  @Test
  void withoutTheStreamTheAnswerItselfIsBounded() {
    open(Flavour.ONE_ID);
    test.withoutLogStream();

    ContainerSpec spec =
        new ContainerSpec(
            new Image("plain-shell:1"),
            List.of(),
            Map.of(),
            Map.of(),
            new Program(
                List.of("sh", "-c", "yes | sed 2000000q"), "", Optional.empty(), Optional.empty()),
            new Bounds(SOON, 1000, 1000, 0));
    assertThat(end(spec)).isInstanceOf(TooLarge.class);
  }

  @Test
  void abortKillsWhatRuns() {
    open(Flavour.ONE_ID);
    RunningContainer running = start(shell("test:1", "echo up >&2; exec sleep 60"));
    await().atMost(SOON).until(() -> String.join("", log).contains("up"));

    running.abort();

    assertThat(running.end()).isCompletedWithValueMatching(Aborted.class::isInstance);
    await().atMost(SOON).until(() -> test.running() == 0);
  }

  @Test
  void anImageThatIsNotThereIsTheEnginesToExplain() {
    open(Flavour.ONE_ID);

    ContainerEnd end = end(shell("no-such-image:1", "true"));

    assertThat(end).isInstanceOf(Refused.class);
    assertThat(((Refused) end).reason())
        .contains("no-such-image:1", "pull access denied")
        .doesNotContain("traceparent");
  }

  @Test
  void secretsOfTwoRunsAreNotTakenForOneAnother() {
    open(Flavour.IDS_BY_TYPE);
    for (String value : List.of("first-value", "other-value")) {
      ContainerSpec spec =
          new ContainerSpec(
              new Image("test:1"),
              List.of(),
              Map.of(),
              Map.of("TOKEN", value),
              new Program(
                  List.of("sh", "-c", "echo $TOKEN | rev"), "", Optional.empty(), Optional.empty()),
              new Bounds(SOON, 1000, 1000, 0));
      String reversed = new StringBuilder(value).reverse().toString();
      assertThat(exited(end(spec)).stdout().strip()).isEqualTo(reversed);
    }
  }

  @Test
  void valuesTravelAsVariablesOnly() {
    open(Flavour.ONE_ID);
    end(shell("test:1", "echo \"quoted\" '{}' $TOKEN"));

    assertThat(String.join("\n", test.queries()))
        .contains("withExec", "setSecret", "withSecretVariable")
        .doesNotContain("s3cr3t", "quoted", "test:1", "open-value");
    assertThat(test.bodies().stream().filter(body -> body.contains("s3cr3t")))
        .allMatch(body -> body.contains("setSecret"))
        .hasSize(1);
  }
}
