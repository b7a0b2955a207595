package dev.drover.load;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Keeps so many runs going: whenever one has ended, its workflow is started again. */
final class LoadLevel {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** The longest that anything may take before it counts as stuck. */
  private static final Duration STUCK = Duration.ofSeconds(60);

  private final LoadServer server;
  private final int level;
  private final Map<UUID, String> going = new HashMap<>();
  private final List<Duration> durations = new ArrayList<>();
  private Duration time = Duration.ZERO;

  LoadLevel(LoadServer server, int level) {
    this.server = server;
    this.level = level;
  }

  /** Returns when the last run has ended. */
  void run(Duration atLeast) {
    long begin = System.nanoTime();
    for (int i = 0; i < level; i++) {
      start(LoadServer.WORKFLOWS.get(i % LoadServer.WORKFLOWS.size()));
    }
    await()
        .atMost(atLeast.plus(STUCK))
        .pollInterval(LOOK)
        .until(
            () -> {
              boolean over = System.nanoTime() - begin >= atLeast.toNanos();
              goOn(!over);
              return over && going.isEmpty();
            });
    time = Duration.ofNanos(System.nanoTime() - begin);
  }

  LoadFigures figures() {
    return new LoadFigures(durations, time);
  }

  private void goOn(boolean again) {
    server
        .ended(going.keySet())
        .forEach(
            (run, took) -> {
              durations.add(took);
              String workflow = going.remove(run);
              if (again) {
                start(workflow);
              }
            });
  }

  private void start(String workflow) {
    going.put(server.open(workflow), workflow);
  }
}
