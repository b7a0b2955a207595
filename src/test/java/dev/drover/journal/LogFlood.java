package dev.drover.journal;

import dev.drover.agent.AgentCall;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.LogLine;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.Secrets;
import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Journal;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries.LogPosition;
import dev.drover.run.RunQueries.LogView;
import dev.drover.run.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/**
 * Many agents that write log lines at the same time into a real journal, and people who follow the
 * logs meanwhile. Each line says who wrote it, which one it is, and when it was written.
 */
public final class LogFlood implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile("agent (\\d+) line (\\d+) at (\\d+)\\.(\\d{6}): the quick brown fox jumps");

  private static final String SCRIPT =
      """
      agent=$(tr -dc 0-9)
      for ((i = 1; i <= %d; i++)); do
        printf 'agent %%d line %%d at %%s: the quick brown fox jumps\\n' $agent $i $EPOCHREALTIME >&2
        ((i %% 100)) || sleep %s
      done
      echo '{}'
      """;

  private final Size size;
  private final RunId run = new RunId(UUID.randomUUID());
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final ExecutorService followers = Executors.newCachedThreadPool();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Duration> delays = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> outcomes = Collections.synchronizedList(new ArrayList<>());
  private final RunRows rows;
  private final PostgresJournal journal;
  private final ProcessRuntime runtime;
  private final Agents agents;

  /**
   * How much is written.
   *
   * @param pause seconds that an agent sleeps after each hundred lines
   * @param followed how many of the agents' logs are followed
   */
  public record Size(int agents, int lines, String pause, int followed) {}

  /**
   * What was seen.
   *
   * @param faults lines that are missing, out of order, or not as they were written
   * @param delays from the writing of a line to its being seen, ascending
   * @param outcomes how long other entries of the journal took meanwhile, ascending
   * @param heapGrowth bytes that were in use in the middle of it beyond those before
   */
  public record Seen(
      Duration took,
      List<String> faults,
      List<Duration> delays,
      List<Duration> outcomes,
      long heapGrowth) {
    /** The delay that so many of a hundred do not exceed. */
    public static Duration percentile(List<Duration> sorted, int percent) {
      return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
  }

  /** A flood that has yet to begin; the folder takes the agent. */
  public LogFlood(DataSource database, Path folder, Size size) throws IOException {
    this.size = size;
    new WorkflowRows(database)
        .save(ProjectName.DEFAULT, new WorkflowName("some"), "name: some", "api");
    ServerLease lease =
        new ServerLease(
            database,
            new ServerLease.Settings("test", Duration.ofMinutes(5), false, UUID::randomUUID),
            new DatabaseClock());
    var unused = lease.renew();
    this.rows = new RunRows(database);
    this.journal = new PostgresJournal(database, lease, threads);
    journal.start();
    this.runtime =
        new ProcessRuntime(
            new RuntimeSettings(
                List.of(), List.of(), Secrets.NONE, size.agents(), Clock.systemUTC()),
            threads);
    this.agents = new Agents(runtime, threads);
    Path home = Files.createDirectories(folder.resolve("talker"));
    Files.writeString(home.resolve("run.sh"), SCRIPT.formatted(size.lines(), size.pause()));
    Files.writeString(home.resolve("agent.yaml"), "name: talker\ncommand: [bash, run.sh]\n");
    agents.register(home).availability().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Lets it happen. */
  public Seen happen() {
    journal.open(request(run), Optional.of(Instant.now())).join();
    long before = heap();
    long begin = System.nanoTime();
    List<CompletableFuture<AttemptResult>> all = new ArrayList<>();
    for (int i = 1; i <= size.agents(); i++) {
      all.add(start(i));
    }
    List<CompletableFuture<Void>> following = new ArrayList<>();
    for (int i = 1; i <= size.followed(); i++) {
      NodeItem node = node(i);
      following.add(CompletableFuture.runAsync(() -> follow(node), followers));
    }
    following.add(CompletableFuture.runAsync(this::writeOtherEntries, followers));
    CompletableFuture<Long> middle =
        CompletableFuture.supplyAsync(
            () -> heap() - before,
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS, followers));
    all.forEach(result -> result.orTimeout(5, TimeUnit.MINUTES).join());
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    over.set(true);
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> journal.waiting() == 0);
    following.forEach(CompletableFuture::join);
    List<String> faults = new ArrayList<>();
    for (int i = 1; i <= size.agents(); i++) {
      check(i, faults);
    }
    Collections.sort(delays);
    Collections.sort(outcomes);
    return new Seen(took, faults, List.copyOf(delays), List.copyOf(outcomes), middle.join());
  }

  private CompletableFuture<AttemptResult> start(int number) {
    NodeItem node = node(number);
    AttemptIdentity identity =
        new AttemptIdentity(
            run.toString(), node.toString(), 1, "k" + number, Optional.empty(), "default/some");
    AgentCall call =
        new AgentCall(
            new AgentName("talker"),
            Map.of("agent", number),
            Optional.empty(),
            identity,
            lines -> journal.log(run, node, 1, lines.stream().map(LogFlood::line).toList()));
    return agents.run(call).result();
  }

  private static Journal.LogLine line(LogLine line) {
    return new Journal.LogLine(line.number(), line.at(), line.text());
  }

  private static NodeItem node(int number) {
    return NodeItem.of(new NodeId("n" + number));
  }

  private static RunRequest request(RunId id) {
    return new RunRequest(
        id, ProjectName.DEFAULT, new WorkflowName("some"), 1, "test/" + id, Map.of(), Map.of());
  }

  /** Asks for what is new five times a second, as somebody who looks at the log's page does. */
  private void follow(NodeItem node) {
    LogPosition at = LogPosition.START;
    while (true) {
      boolean last = over.get() && journal.waiting() == 0;
      List<LogView> page = rows.log(run, node, at, 1_000);
      Instant now = Instant.now();
      for (LogView line : page) {
        Matcher read = LINE.matcher(line.text());
        if (read.matches()) {
          Instant written =
              Instant.ofEpochSecond(
                  Long.parseLong(read.group(3)), Long.parseLong(read.group(4)) * 1_000);
          delays.add(Duration.between(written, now));
        }
        at = line.position();
      }
      if (page.isEmpty() && last) {
        return;
      } else if (page.size() < 1_000) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
    }
  }

  /** Runs are opened one after the other: nothing of theirs may wait for the logs. */
  private void writeOtherEntries() {
    while (!over.get()) {
      long begin = System.nanoTime();
      journal.open(request(new RunId(UUID.randomUUID())), Optional.of(Instant.now())).join();
      outcomes.add(Duration.ofNanos(System.nanoTime() - begin));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private void check(int number, List<String> faults) {
    List<LogView> all = rows.log(run, node(number), LogPosition.START, size.lines() + 10);
    if (all.size() != size.lines()) {
      faults.add("agent " + number + " has " + all.size() + " lines");
    }
    for (int i = 0; i < all.size(); i++) {
      Matcher read = LINE.matcher(all.get(i).text());
      if (!read.matches()
          || Integer.parseInt(read.group(1)) != number
          || Integer.parseInt(read.group(2)) != i + 1
          || all.get(i).position().line() != i + 1) {
        faults.add("agent " + number + ", line " + (i + 1) + ": " + all.get(i));
      }
    }
  }

  private static long heap() {
    System.gc();
    Runtime java = Runtime.getRuntime();
    return java.totalMemory() - java.freeMemory();
  }

  @Override
  public void close() {
    runtime.close();
    journal.close();
    threads.shutdownNow();
    followers.shutdownNow();
  }
}
