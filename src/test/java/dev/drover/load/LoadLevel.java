package dev.drover.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Keeps so many runs going: whenever one has ended, its workflow is started again. */
final class LoadLevel implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** The longest that anything may take before it counts as stuck. */
  private static final Duration STUCK = Duration.ofSeconds(60);

  private final ExecutorService openers = Executors.newFixedThreadPool(16);
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
    start(
        IntStream.range(0, level)
            .mapToObj(i -> LoadServer.WORKFLOWS.get(i % LoadServer.WORKFLOWS.size()))
            .toList());
    await()
        .atMost(atLeast.plus(STUCK))
        .pollInterval(LOOK)
        .untilAsserted(
            () -> {
              boolean over = System.nanoTime() - begin >= atLeast.toNanos();
              goOn(!over);
              assertThat(over).isTrue();
              assertThat(going).as("runs that have not ended").isEmpty();
            });
    time = Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    openers.shutdownNow();
  }

  LoadFigures figures() {
    return new LoadFigures(durations, time);
  }

  private void goOn(boolean again) {
    Map<UUID, Duration> ended = server.ended(going.keySet());
    durations.addAll(ended.values());
    List<String> workflows = ended.keySet().stream().map(going::remove).toList();
    if (again) {
      start(workflows);
    }
  }

  /** Many at once, so that opening them does not hold the level down. */
  private void start(List<String> workflows) {
    List<CompletableFuture<UUID>> opened =
        workflows.stream()
            .map(w -> CompletableFuture.supplyAsync(() -> server.open(w), openers))
            .toList();
    for (int i = 0; i < opened.size(); i++) {
      going.put(opened.get(i).join(), workflows.get(i));
    }
  }
}
