package dev.drover.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Kill anything at any moment: two real servers on one PostgreSQL under steady alerts, while
 * servers, database and agents are killed, paused and stopped. What must hold afterwards is looked
 * up in the journal, in the answers that were given, and in books that the agents keep by
 * themselves.
 */
class KillMatrixIT {
  private static final Path REPORT = Replica.home().resolve("target/chaos-report.md");

  /** What has not ended and gets no less for so long is stuck. */
  private static final Duration STILL = Duration.ofSeconds(60);

  private static final Duration TAKE_OVER = Duration.ofSeconds(15);

  /** Those where two runs at the same time are what is looked for, or luck is needed, get more. */
  private static final Map<String, Integer> GROUPS = Map.of("once", 6, "limited", 4);

  private static final Pattern RUN = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}");
  private static final int SHOWN = 5;

  private static final List<String> WORKFLOWS =
      List.of(
          "diamond",
          "once",
          "temporary",
          "pause",
          "closed-loop",
          "parent",
          "limited",
          "each",
          "undone",
          "long",
          "asked");

  private final ChaosSettings settings = ChaosSettings.fromProperties();
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final Map<String, List<String>> findings = new LinkedHashMap<>();

  @Test
  void nothingIsLostOrStuckOrRepeatedWhateverIsKilled() throws Exception {
    RequiredTool.assume("flock");
    RequiredTool.assume("setsid");
    Files.deleteIfExists(REPORT);
    ChaosReport report = new ChaosReport(settings);
    try (ChaosCluster cluster = ChaosCluster.start()) {
      Alertmanager alerts =
          new Alertmanager(cluster.replicas(), groups(), cluster::isStored, settings.seed());
      Watch watch = new Watch(cluster.database().dataSource(), cluster.replicas());
      Disturber disturber =
          new Disturber(cluster.replicas(), cluster.database(), cluster.timer(), settings);
      Instant begin = Instant.now();
      alerts.start();
      watch.start(cluster.timer());
      disturber.start();
      assertThat(new CountDownLatch(1).await(settings.duration().toMillis(), TimeUnit.MILLISECONDS))
          .isFalse();
      disturber.end();
      report.faults(disturber.faults(), begin);
      alerts.end();
      cluster.awaitReady();
      JournalChecks journal = new JournalChecks(cluster.database().dataSource());
      awaitRest(journal);
      judge(cluster, alerts, watch, disturber);
      findings.put("what waits for a person goes on when told", new Approver(cluster).approveAll());
      report.replicas(cluster.replicas());
      report.figures(figures);
      report.runs(journal.totals());
      report.findings(findings);
      report.write(REPORT);
      System.out.println(report.text());
      assertThat(disturber.failure()).isEmpty();
      assertThat(problems(journal)).as("see target/chaos and target/chaos-report.md").isEmpty();
    }
  }

  private static List<AlarmGroup> groups() {
    return WORKFLOWS.stream()
        .flatMap(name -> IntStream.range(0, count(name)).mapToObj(i -> new AlarmGroup(name, i)))
        .toList();
  }

  private static int count(String workflow) {
    return GROUPS.getOrDefault(workflow, 2);
  }

  /**
   * Until every run has ended or waits for a person. What was left over from long outages may take
   * its time, as long as it gets less; if it does not, the checks say it.
   */
  private void awaitRest(JournalChecks journal) {
    long begin = System.nanoTime();
    AtomicReference<Rest> rest = new AtomicReference<>(new Rest(journal.notEnded().size(), begin));
    figures.put("runs that had not ended after the last alert", rest.get().left());
    Awaitility.await()
        .forever()
        .pollInterval(Duration.ofMillis(250))
        .until(() -> rest.updateAndGet(r -> r.now(journal.notEnded().size())).isOver());
    figures.put(
        "at rest after the last alert (s)",
        rest.get().left() == 0
            ? seconds(System.nanoTime() - begin)
            : rest.get().left() + " runs stood still for " + STILL.toSeconds());
  }

  /** How many runs have not ended, and since when (nanoseconds) there are as few. */
  private record Rest(int left, long since) {
    Rest now(int number) {
      return number < left ? new Rest(number, System.nanoTime()) : this;
    }

    boolean isOver() {
      return left == 0 || System.nanoTime() - since >= STILL.toNanos();
    }
  }

  private void judge(ChaosCluster cluster, Alertmanager alerts, Watch watch, Disturber disturber) {
    JournalChecks journal = new JournalChecks(cluster.database().dataSource());
    AlertChecks episodes = new AlertChecks(cluster.database().dataSource());
    LedgerChecks books = new LedgerChecks(cluster.ledger());
    findings.putAll(episodes.findings(alerts.accepted()));
    findings.putAll(journal.findings(disturber.killedKeys()));
    findings.putAll(books.findings(journal.succeededKeys()));
    findings.put("never more runs of a key than slots, when looked at", watch.violations());
    findings.put("no correct body is refused", alerts.refused());
    findings.put("no run is without an owner for more than 15 s", orphans(watch));
    findings.put("no ready server ends by itself", unasked(cluster));
    figures.put("deliveries answered with 2xx", alerts.deliveries());
    figures.put("deliveries that were not, and told again", alerts.failures());
    figures.put("alerts in accepted deliveries", alerts.accepted().size());
    figures.put("deliveries kept on disk at first", alerts.spooled());
    figures.put("episodes", episodes.episodes());
    figures.put("agents", books.summary());
    figures.put("longest time without owner (s)", seconds(watch.longestOrphan().toNanos()));
    figures.put("looks at slots and leases", watch.looks());
  }

  private static List<String> orphans(Watch watch) {
    Duration longest = watch.longestOrphan();
    return longest.compareTo(TAKE_OVER) > 0 ? List.of("one was for " + longest) : List.of();
  }

  private static List<String> unasked(ChaosCluster cluster) {
    List<String> found = new ArrayList<>();
    for (Replica replica : cluster.replicas()) {
      replica.exits().stream()
          .filter(exit -> exit.wasReady() && !exit.asked())
          .forEach(exit -> found.add("replica " + replica.name() + ": " + exit));
    }
    return found;
  }

  /** Each violation, the first of a rule with all that the journal has about their runs. */
  private List<String> problems(JournalChecks journal) {
    return findings.entrySet().stream()
        .flatMap(
            rule ->
                IntStream.range(0, rule.getValue().size())
                    .mapToObj(
                        i ->
                            rule.getKey()
                                + ": "
                                + rule.getValue().get(i)
                                + (i < SHOWN ? rows(journal, rule.getValue().get(i)) : "")))
        .toList();
  }

  private static String rows(JournalChecks journal, String violation) {
    Stream<String> runs = RUN.matcher(violation).results().map(MatchResult::group).distinct();
    return runs.flatMap(run -> journal.rows(run).stream())
        .reduce("", (all, row) -> all + "\n    " + row);
  }

  private static String seconds(long nanos) {
    return "%.1f".formatted(nanos / 1e9);
  }
}
