package dev.drover.bench;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.drover.journal.DataDirectory;
import dev.drover.journal.EmbeddedDatabase;
import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;

/**
 * Runs of a diamond of four {@code value} nodes with the journal on, next to a bare JDBC program
 * that writes the same rows in the same order of commits: on one PostgreSQL, in turns, in one
 * process. What counts are the ratios: the machine's mood is in both.
 */
public final class DiamondBench {
  private static final int[] CALLERS = {1, 16, 64};
  private static final int ROUNDS = 3;
  private static final String WORKFLOW =
      """
      name: diamond
      nodes:
        a: { value: 1 }
        b: { dependsOn: [a], value: "${{ nodes.a.output + 1 }}" }
        c: { dependsOn: [a], value: "${{ nodes.a.output + 2 }}" }
        d: { dependsOn: [b, c], value: "${{ nodes.b.output + nodes.c.output }}" }
      outputs: { sum: "${{ nodes.d.output }}" }
      """;

  private DiamondBench() {}

  /** Measures and prints; the first argument is how many seconds each measurement takes (5). */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    Path folder = Files.createTempDirectory("drover-bench");
    EndListener ends = new EndListener();
    try (DataDirectory directory = DataDirectory.take(folder);
        EmbeddedDatabase server = EmbeddedDatabase.start(directory);
        HikariDataSource database = pool(server)) {
      Flyway.configure().dataSource(database).load().migrate();
      try (Engine engine = Engine.on(database, ends)) {
        DeployedWorkflow workflow = engine.deploy(WORKFLOW);
        BareJdbc bare = new BareJdbc(database, workflow);
        TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
        Callers.Work drover =
            () -> {
              RunId id = new RunId(ids.generate());
              CompletableFuture<Void> end = ends.of(id);
              engine.opening(id, workflow, Map.of()).join();
              end.join();
            };
        measure(drover, bare::run, seconds);
      }
    }
  }

  private static void measure(Callers.Work drover, Callers.Work bare, int seconds)
      throws Exception {
    Callers.measure(drover, 16, seconds); // warms up
    Callers.measure(bare, 16, seconds);
    System.out.printf(
        "%7s | %28s | %28s | %s%n", "callers", "drover runs/s (p50, p99 ms)", "bare JDBC", "ratio");
    for (int callers : CALLERS) {
      Callers.Result[] ours = new Callers.Result[ROUNDS];
      Callers.Result[] theirs = new Callers.Result[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        ours[round] = Callers.measure(drover, callers, seconds);
        theirs[round] = Callers.measure(bare, callers, seconds);
      }
      Callers.Result a = median(ours);
      Callers.Result b = median(theirs);
      System.out.printf(
          Locale.ROOT,
          "%7d | %10.0f (%6.2f, %6.2f) | %10.0f (%6.2f, %6.2f) | %.2f%n",
          callers,
          a.perSecond(),
          a.p50(),
          a.p99(),
          b.perSecond(),
          b.p50(),
          b.p99(),
          a.perSecond() / b.perSecond());
    }
  }

  private static Callers.Result median(Callers.Result[] rounds) {
    Arrays.sort(rounds, (x, y) -> Double.compare(x.perSecond(), y.perSecond()));
    return rounds[rounds.length / 2];
  }

  private static HikariDataSource pool(EmbeddedDatabase server) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    config.setUsername(server.user());
    config.setPassword(server.password());
    config.setMaximumPoolSize(64); // the bare program needs one for each caller
    return new HikariDataSource(config);
  }
}
