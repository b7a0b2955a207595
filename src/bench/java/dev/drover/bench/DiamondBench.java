package dev.drover.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;

/**
 * Runs of a diamond of four {@code value} nodes with the journal on, next to DBOS doing four steps
 * and to a bare JDBC program that writes the same rows in the same order of commits.
 */
public final class DiamondBench {
  private DiamondBench() {}

  /** Measures and prints; the first argument is how many seconds each measurement takes (5). */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    EndListener ends = new EndListener();
    try (BenchDatabase server = BenchDatabase.start()) {
      HikariDataSource database = server.create("drover");
      try (Engine engine = Engine.on(database, ends);
          DbosDiamond dbos = new DbosDiamond(server)) {
        DeployedWorkflow workflow = engine.deploy(Diamond.YAML);
        new Turns(seconds)
            .with("drover", new Diamond(engine, ends, workflow))
            .with("DBOS", dbos)
            .with("bare JDBC", new BareJdbc(database, "diamond", workflow.version())::run)
            .print(1, 16, 64);
      }
    }
  }
}
