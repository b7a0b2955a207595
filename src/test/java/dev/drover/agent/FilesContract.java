package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import dev.drover.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime on this host promises about files, tried with real processes. */
abstract class FilesContract {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String GIVE = "printf '{\"$artifact\":\"%s\"}' ";

  @TempDir Path folder;
  private Path attempts;
  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  private ExecutorService executor;
  private AgentRuntime runtime;
  private Starter starter;

  abstract AgentRuntime open(RuntimeSettings settings, ExecutorService executor);

  @BeforeEach
  void openRuntime() {
    attempts = folder.resolve("attempts");
    executor = Executors.newFixedThreadPool(4);
    RuntimeSettings settings =
        new RuntimeSettings(
            List.of(), List.of(folder.resolve("roots")), Secrets.NONE, 8, Clock.systemUTC());
    runtime = open(settings, executor);
    starter = starter(new AttemptFolders.Settings(8, 1L << 30, Duration.ofSeconds(20)));
  }

  private Starter starter(AttemptFolders.Settings settings) {
    return new Starter(runtime, new AttemptFolders(attempts, executor, settings), executor);
  }

  @AfterEach
  void closeRuntime() {
    runtime.close();
    executor.shutdownNow();
  }

  /** Keeps everything in memory, and lets everybody read it. */
  private class Shelf implements AttemptFiles {
    @Override
    public void fetch(String artifact, Path to) throws FilesRefused, IOException {
      byte[] content = kept.get(artifact);
      if (content == null) {
        throw new FilesRefused(FailureType.MOUNT_REFUSED, "no artifact " + artifact);
      }
      Files.write(to, content);
    }

    @Override
    public Map<String, Object> keep(LeftFile file) throws IOException {
      UUID id = UUID.randomUUID();
      kept.put(id.toString(), Files.readAllBytes(file.content()));
      return file.reference(id);
    }
  }

  private TestAgent agent() {
    return TestAgent.in(folder, "sample").with("artifacts: { limit: 1Mi, files: 10 }");
  }

  private RunningAttempt start(AgentManifest manifest, Map<String, Object> input) {
    return start(manifest, input, new Shelf());
  }

  private RunningAttempt start(
      AgentManifest manifest, Map<String, Object> input, AttemptFiles files) {
    AttemptIdentity identity = new AttemptIdentity("run", "node", 1, "run/node", Optional.empty());
    return starter.start(
        new AttemptRequest(manifest, input, folder, SOON, identity, LogSink.NONE), files);
  }

  private static AttemptResult end(RunningAttempt attempt) {
    return attempt.result().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private AttemptResult run(String... script) {
    return end(start(agent().script(script).read(), Map.of()));
  }

  private static Object output(AttemptResult result) {
    assertThat(result).isInstanceOf(Succeeded.class);
    return ((Succeeded) result).output();
  }

  private void refused(FailureType type, String why, String... script) {
    AttemptResult result = run(script);
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).type()).as(((Failed) result).message()).isEqualTo(type);
    assertThat(((Failed) result).message()).contains(why);
    assertThat(kept).isEmpty();
    assertThat(leftOver()).isEmpty();
  }

  private List<Path> leftOver() {
    if (!Files.exists(attempts)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(attempts)) {
      return all.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFileThatTheOutputNamesIsKeptAndAnotherAgentReadsIt() {
    Map<String, Object> reference =
        Json.asObject(
            output(
                run(
                    "mkdir $DROVER_OUT/sub; echo hello > $DROVER_OUT/sub/a.txt",
                    "echo other > $DROVER_OUT/not-named",
                    "echo '{\"$artifact\":\"sub/a.txt\",\"mediaType\":\"text/plain\"}'")));

    assertThat(kept).hasSize(1);
    assertThat(kept.get((String) reference.get("artifact"))).asString().isEqualTo("hello\n");
    assertThat(reference)
        .containsEntry("name", "sub/a.txt")
        .containsEntry("size", 6L)
        .containsEntry("mediaType", "text/plain")
        .containsEntry(
            "sha256", "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");

    AgentManifest reader =
        TestAgent.in(folder, "reader")
            .with("mounts: [ { input: report, as: /work/report, readOnly: false } ]")
            .script(
                "path=$(sed -n 's/.*\"report\":\"\\([^\"]*\\)\".*/\\1/p')",
                "printf '[\"%s\",\"%s\"]' $path \"$(cat $path)\"")
            .read();
    Map<String, Object> input = new LinkedHashMap<>(Map.of("report", reference));
    List<?> read = (List<?>) output(end(start(reader, input)));

    assertThat(read.get(1)).isEqualTo("hello");
    assertThat((String) read.get(0))
        .startsWith(runtime.name().equals("sandbox") ? "/work/report" : attempts.toString());
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void theFolderIsEmptyAtTheStartAndOnlyThereForWhoAsksForIt() {
    assertThat(output(run("ls -A $DROVER_OUT | wc -l"))).isEqualTo(0L);
    AgentManifest none =
        TestAgent.in(folder, "none").script("echo \"\\\"<$DROVER_OUT>\\\"\"").read();

    assertThat(output(end(start(none, Map.of())))).isEqualTo("<>");
  }

  @Test
  void nothingButPlainFilesInTheFolderIsKept() {
    FailureType invalid = FailureType.OUTPUT_INVALID;
    refused(invalid, "is not in the folder", GIVE + "nothing");
    refused(invalid, "symbolic link", "ln -s /etc/hostname $DROVER_OUT/x", GIVE + "x");
    refused(invalid, "is no folder", "ln -s /etc $DROVER_OUT/d", GIVE + "d/hostname");
    refused(invalid, "is a folder", "mkdir $DROVER_OUT/d", GIVE + "d");
    refused(invalid, "is no plain file", "mkfifo $DROVER_OUT/f", GIVE + "f");
    refused(invalid, "hard link", "cd $DROVER_OUT; echo a > a; ln a b", GIVE + "b");
    refused(invalid, "lies outside", "echo x > $DROVER_OUT/x", GIVE + "../out/x");
    refused(invalid, "lies outside", GIVE + "/etc/hostname");
    refused(invalid, "lies outside", GIVE + "$DROVER_OUT/../file-0");
  }

  @Test
  void moreThanTheManifestAllowsEndsTheAgent() {
    FailureType tooLarge = FailureType.ARTIFACT_TOO_LARGE;
    long began = System.nanoTime();
    refused(tooLarge, "more than 1 MiB", "yes > $DROVER_OUT/filler");
    refused(tooLarge, "more than 1 MiB", "truncate -s 1G $DROVER_OUT/sparse; sleep 60");
    refused(
        tooLarge,
        "more than 10 files",
        "i=0; while [ $i -lt 5000 ]; do : > $DROVER_OUT/$i; i=$((i+1)); done; sleep 60");
    refused(
        tooLarge,
        "more than 8 deep",
        "cd $DROVER_OUT; for i in 1 2 3 4 5 6 7 8 9; do mkdir d; cd d; done; sleep 60");
    refused(
        tooLarge,
        "deleted ones",
        "exec 3> $DROVER_OUT/hidden; rm $DROVER_OUT/hidden; head -c 30000000 /dev/zero >&3; sleep 60");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    refused(tooLarge, "more than 1 MiB", "head -c 1100000 /dev/zero > $DROVER_OUT/a; echo 1");
  }

  @Test
  void upToTheLimitIsKept() {
    Object reference = output(run("head -c 1048576 /dev/zero > $DROVER_OUT/a", GIVE + "a"));

    assertThat(Json.asObject(reference).get("size")).isEqualTo(1048576L);
  }

  @Test
  void aReferenceThatIsNotKnownStartsNothing() {
    AgentManifest reader =
        TestAgent.in(folder, "reader")
            .with("mounts: [ { input: report, as: /work/report } ]")
            .script("echo 1")
            .read();
    Map<String, Object> forged = Map.of("artifact", "../../etc/shadow");

    AttemptResult result = end(start(reader, Map.of("report", forged)));

    assertThat(((Failed) result).type()).isEqualTo(FailureType.MOUNT_REFUSED);
    assertThat(result.duration()).isZero();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void aStoreThatStandsStillIsGivenUpAndCanBeCancelled() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    AttemptFiles still =
        new Shelf() {
          @Override
          public Map<String, Object> keep(LeftFile file) throws IOException {
            reached.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.countDown();
            }
            throw new IOException("interrupted");
          }
        };
    AgentManifest giver = agent().script("echo 1 > $DROVER_OUT/a", GIVE + "a").read();
    starter = starter(new AttemptFolders.Settings(8, 1L << 30, Duration.ofSeconds(1)));

    RunningAttempt given = start(giver, Map.of(), still);
    Failed failed = (Failed) end(given);

    assertThat(failed.type()).isEqualTo(FailureType.TEMPORARY);
    assertThat(failed.message()).contains("within 1 s");
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    RunningAttempt cancelled = start(giver, Map.of(), still);
    await().atMost(SOON).until(() -> reached.getCount() == 0);
    cancelled.cancel("not needed");
    assertThat(end(cancelled)).isInstanceOf(Cancelled.class);
    await().atMost(SOON).until(() -> leftOver().isEmpty());
  }

  @Test
  void attemptsWithFilesTakeTurnsWhenThereIsNoRoom() {
    starter = starter(new AttemptFolders.Settings(1, 1L << 30, Duration.ofSeconds(20)));
    AgentManifest slow = agent().script("sleep 60").read();
    AgentManifest quick = TestAgent.in(folder, "q").with("artifacts: {}").script("echo 1").read();
    RunningAttempt first = start(slow, Map.of());
    await().atMost(SOON).until(() -> leftOver().size() == 1);

    RunningAttempt second = start(quick, Map.of());
    RunningAttempt third = start(quick, Map.of());
    third.cancel("not needed");

    assertThat(end(third)).isInstanceOf(Cancelled.class);
    assertThat(second.result()).isNotDone();
    assertThat(leftOver()).hasSize(1);
    first.cancel("seen enough");
    assertThat(end(first)).isInstanceOf(Cancelled.class);
    assertThat(output(end(second))).isEqualTo(1L);
  }

  @Test
  void aSelfTestLeavesFilesToo() {
    AttemptRequest request =
        new AttemptRequest(
            agent().script("echo 1 > $DROVER_OUT/a", GIVE + "a").read(),
            Map.of(),
            folder,
            SOON,
            new AttemptIdentity("r", "n", 1, "k", Optional.empty()),
            LogSink.NONE);

    Object looked = output(end(starter.start(request, AttemptFiles.LOOKED_AT)));

    assertThat(Json.asObject(looked)).containsEntry("name", "a");
    Failed failed = (Failed) end(starter.start(request, AttemptFiles.NONE));
    assertThat(failed.message()).contains("only files of workflows' nodes");
  }
}
