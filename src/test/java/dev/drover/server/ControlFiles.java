package dev.drover.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Agents for tests of control, and the marks that they leave in their home. */
record ControlFiles(Path home) {
  /** Writes the agents of a server. */
  ControlFiles write() {
    new ServerFiles(home)
        .agent(
            "stubborn",
            """
            cat > /dev/null
            trap 'echo TERM > %1$s/stopped-$DROVER_RUN; exit 143' TERM
            echo up > %1$s/started-$DROVER_RUN
            while :; do sleep 0.05; done
            """
                .formatted(home))
        .agent(
            "counting",
            """
            cat > /dev/null
            echo $DROVER_IDEMPOTENCY_KEY >> %1$s/keys
            if [ -e %1$s/broken ]; then exit 3; fi
            printf '{"n":1}'
            """
                .formatted(home),
            "effect: once");
    return this;
  }

  /** Waits until an agent of the run has left that mark. */
  void awaitMark(String mark, String run, Duration atMost) {
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(home.resolve(mark + "-" + run)));
  }

  void breakCounting() {
    new ServerFiles(home).write("broken", "");
  }

  void mendCounting() {
    try {
      Files.deleteIfExists(home.resolve("broken"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The idempotency keys under which the counting agent was started for a run, in order. */
  List<String> keys(String run) {
    try {
      Path keys = home.resolve("keys");
      return Files.exists(keys)
          ? Files.readAllLines(keys).stream().filter(key -> key.startsWith(run)).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
