package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.dashboards.Dashboard;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks a real Prometheus that scrapes a server what the dashboards ask: of a server that has done
 * nothing yet, and under load.
 */
@Timeout(180)
class DashboardsIT {
  @TempDir private static Path home;
  private static RealMonitoring monitoring;
  private static RunningServer server;
  private static DashboardLoad load;
  private static Instant begin;

  /** What was not answered before there was any load, although the panel has no word for it. */
  private static List<String> unansweredAtRest;

  @BeforeAll
  static void start() throws IOException {
    monitoring = RealMonitoring.in(home);
    DashboardLoad.files(home);
    server = RunningServer.in(home);
    new ServerFiles(home)
        .write(
            "prometheus.yml",
            """
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: drover
                static_configs: [ { targets: ["127.0.0.1:%d"] } ]
            """
                .formatted(server.metricsPort()));
    begin = Instant.now();
    monitoring.startPrometheus();
    unansweredAtRest =
        unanswered(questions(false, query -> !query.mayBeEmpty()), Duration.ofSeconds(30));
    load = DashboardLoad.on(server);
  }

  @AfterAll
  static void stop() {
    if (load != null) {
      load.close();
    }
    if (monitoring != null) {
      monitoring.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** Asks again and again, until there is an answer to all or time is up. */
  private static List<String> unanswered(DashboardQuestions questions, Duration patience) {
    try {
      await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(500))
          .ignoreException(ConnectException.class)
          .until(
              () -> {
                questions.ask();
                return questions.unanswered().isEmpty();
              });
    } catch (ConditionTimeoutException late) {
      assertThat(questions.unanswered()).isNotEmpty();
    }
    return questions.unanswered();
  }

  private static DashboardQuestions questions(
      boolean eachValueChosen, Predicate<Dashboard.Query> which) {
    return new DashboardQuestions(monitoring, begin, eachValueChosen, which);
  }

  @Test
  void aServerThatHasDoneNothingShowsNumbersOrThePanelSaysThatThereIsNothing() {
    assertThat(unansweredAtRest).isEmpty();
  }

  @Test
  void underLoadEveryQueryOfEveryDashboardGivesData() throws IOException, InterruptedException {
    DashboardQuestions all = questions(false, query -> true);
    assertThat(unanswered(all, Duration.ofSeconds(60))).isEmpty();
    assertThat(all.variablesWithoutValues()).isEmpty();
    DashboardQuestions chosen = questions(true, query -> true);
    assertThat(unanswered(chosen, Duration.ofSeconds(20))).as("with each value chosen").isEmpty();
    load.assertGoesOn();
  }
}
