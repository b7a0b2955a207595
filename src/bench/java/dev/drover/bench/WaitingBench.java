package dev.drover.bench;

import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** 100,000 runs that wait for an hour: what they take of the heap, and how long to get there. */
public final class WaitingBench {
  private static final int RUNS = 100_000;
  private static final int AT_ONCE = 500;
  private static final String WORKFLOW =
      """
      name: waits
      nodes:
        first: { value: 1 }
        later: { dependsOn: [first], wait: { for: 1h } }
        last: { dependsOn: [later], value: 2 }
      """;

  private WaitingBench() {}

  /** Measures and prints; the first argument is how many runs wait (100,000). */
  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : RUNS;
    EndListener ends = new EndListener();
    try (BenchDatabase server = BenchDatabase.start()) {
      DataSource database = server.create("waiting");
      try (Engine engine = Engine.on(database, ends)) {
        DeployedWorkflow workflow = engine.deploy(WORKFLOW);
        open(engine, workflow, 2_000); // whatever is made once is made
        awaitParked(database, engine, 2_000);
        long before = heap();
        long begin = System.nanoTime();
        open(engine, workflow, runs);
        awaitParked(database, engine, 2_000 + runs);
        double took = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "%d runs wait after %.1f s (%.0f/s); the heap grew by %.1f MiB, %d runs in memory%n",
            runs,
            took,
            runs / took,
            (heap() - before) / 1024.0 / 1024.0,
            engine.dispatcher().inFlight());
      }
    }
  }

  private static void open(Engine engine, DeployedWorkflow workflow, int runs) throws Exception {
    Semaphore free = new Semaphore(AT_ONCE);
    for (int i = 0; i < runs; i++) {
      free.acquire();
      CompletableFuture<Void> unused =
          engine.opening(workflow, Map.of()).handle((id, failure) -> done(free, failure));
    }
    free.acquire(AT_ONCE);
  }

  private static Void done(Semaphore free, Throwable failure) {
    free.release();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return null;
  }

  private static void awaitParked(DataSource database, Engine engine, int runs) throws Exception {
    JdbcClient jdbc = JdbcClient.create(database);
    while (engine.dispatcher().inFlight() > 0
        || jdbc.sql("select count(*) from run where state = 'WAITING'")
                .query(Integer.class)
                .single()
            < runs) {
      Thread.sleep(100);
    }
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(300);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
