package dev.drover.bench;

import dev.drover.journal.LogFlood;
import dev.drover.journal.LogFlood.Seen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Fifty agents that write 10,000 log lines each at the same time, as fast as they can and at a
 * thousand lines a second each, with ten people who follow ten of the logs.
 */
public final class LogBench {
  private LogBench() {}

  /** Measures and prints. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("drover-bench");
    try (BenchDatabase database = BenchDatabase.start()) {
      for (String pause : List.of("0", "0.1", "0.5")) {
        String name = "flood" + pause.replace(".", "_");
        try (LogFlood flood =
            new LogFlood(
                database.create(name),
                folder.resolve(name),
                new LogFlood.Size(50, 10_000, pause, 10))) {
          print("a pause of " + pause + " s after each 100 lines", flood.happen());
        }
      }
    }
  }

  private static void print(String what, Seen seen) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f s, %d faults; a line is seen after %s (p50), %s (p99); an outcome is durable"
            + " after %s (p50), %s (p99); the heap grew by %d MiB%n",
        what,
        seen.took().toMillis() / 1e3,
        seen.faults().size(),
        millis(seen.delays(), 50),
        millis(seen.delays(), 99),
        millis(seen.outcomes(), 50),
        millis(seen.outcomes(), 99),
        seen.heapGrowth() >> 20);
  }

  private static String millis(List<Duration> sorted, int percent) {
    return Seen.percentile(sorted, percent).toMillis() + " ms";
  }
}
