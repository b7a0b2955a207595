package dev.drover.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten workflows of different shapes, all of them all the time, with agents in the sandbox: every
 * run succeeds, and 95 of 100 within ten seconds. With one run of each at a time, and with ten.
 */
class LoadIT {
  private static final Duration GOAL = Duration.ofSeconds(10);

  /** So many that want a processor, for each that there is. */
  private static final int BUSY = 4;

  @TempDir private Path folder;

  @Test
  void everyRunOfTenWorkflowsAtATimeSucceedsWithinTenSeconds() throws IOException {
    RequiredTool.assume("bwrap");
    LoadSettings settings = LoadSettings.fromProperties();
    boolean judged = !isOthers(loadAverage());
    try (LoadServer server = LoadServer.start(folder)) {
      server.warmUp();
      for (int level : settings.levels()) {
        assertHolds(server, level, settings.duration(), judged);
      }
      assertThat(server.opened()).isEqualTo(server.ended());
    }
  }

  private static void assertHolds(LoadServer server, int level, Duration duration, boolean judged) {
    LoadFigures figures;
    try (LoadLevel load = new LoadLevel(server, level)) {
      load.run(duration);
      figures = load.figures();
    }
    System.out.printf(
        Locale.ROOT,
        "load: %d runs at a time for %s: %s; load average %.1f%n",
        level,
        duration,
        figures,
        loadAverage());
    assertThat(server.states())
        .as("all runs, sub-workflows' too; failed: %s", server.failures())
        .isEqualTo(Map.of("SUCCEEDED", server.all()));
    assertThat(figures.runs()).isGreaterThanOrEqualTo(level);
    if (judged) {
      assertThat(figures.p95()).isLessThan(GOAL);
    }
  }

  /** What a run takes says nothing where others have most of the processors; CI has its own. */
  private static boolean isOthers(double load) {
    int processors = Runtime.getRuntime().availableProcessors();
    boolean busy = load > BUSY * processors && !"true".equals(System.getenv("CI"));
    if (busy) {
      System.out.printf(
          Locale.ROOT,
          "load: the load average is %.1f with %d processors before anything is done:"
              + " the times of runs are not judged%n",
          load,
          processors);
    }
    return busy;
  }

  private static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
