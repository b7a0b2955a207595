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

  @TempDir private Path folder;

  @Test
  void everyRunOfTenWorkflowsAtATimeSucceedsWithinTenSeconds() throws IOException {
    RequiredTool.assume("bwrap");
    LoadSettings settings = LoadSettings.fromProperties();
    try (LoadServer server = LoadServer.start(folder)) {
      server.warmUp();
      for (int level : settings.levels()) {
        LoadLevel load = new LoadLevel(server, level);
        load.run(settings.duration());
        LoadFigures figures = load.figures();
        System.out.printf(
            Locale.ROOT,
            "load: %d runs at a time for %s: %s; load average %.1f%n",
            level,
            settings.duration(),
            figures,
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        assertThat(server.states())
            .as("states of all runs, sub-workflows' too")
            .isEqualTo(Map.of("SUCCEEDED", server.all()));
        assertThat(figures.runs()).isGreaterThan(level);
        assertThat(figures.p95()).isLessThan(GOAL);
      }
      assertThat(server.opened()).isEqualTo(server.ended());
    }
  }
}
