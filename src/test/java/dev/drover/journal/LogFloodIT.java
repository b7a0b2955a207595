package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import dev.drover.TestDatabase;
import dev.drover.journal.LogFlood.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty agents that write their logs at the same time, into a real journal. */
class LogFloodIT {
  /** The bench has 10,000. */
  private static final int LINES = Integer.getInteger("drover.log-flood.lines", 300);

  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;

  @Test
  void nothingIsLostOrMixedUpAndWhoFollowsSeesALineWithinASecond() throws IOException {
    RequiredTool.assume("bash");
    LogFlood.Size size = new LogFlood.Size(50, LINES, "1", 10);
    try (TestDatabase database = TestDatabase.create();
        LogFlood flood = new LogFlood(database.dataSource(), folder, size)) {
      Seen seen = flood.happen();

      assertThat(seen.faults()).isEmpty();
      assertThat(seen.delays()).hasSize(10 * LINES);
      assertThat(Seen.percentile(seen.delays(), 99)).isLessThan(SECOND);
      assertThat(Seen.percentile(seen.outcomes(), 90)).isLessThan(SECOND.dividedBy(4));
      assertThat(seen.heapGrowth()).isLessThan(64L << 20);
    }
  }
}
