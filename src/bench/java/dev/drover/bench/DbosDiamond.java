package dev.drover.bench;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;

/** The same four values as steps of a DBOS workflow, one after the other, as its authors write. */
final class DbosDiamond implements Callers.Work, AutoCloseable {
  private final DBOS dbos;
  private final Values values;

  /** What DBOS makes a durable proxy of. */
  interface Values {
    /** The sum that the diamond gives. */
    int sum();
  }

  private record FourSteps(DBOS dbos) implements Values {
    @Override
    @Workflow(name = "diamond")
    public int sum() {
      int a = dbos.runStep(() -> 1, "a");
      int b = dbos.runStep(() -> a + 1, "b");
      int c = dbos.runStep(() -> a + 2, "c");
      return dbos.runStep(() -> b + c, "d");
    }
  }

  /** On the database {@code dbos}, which it makes for itself. */
  DbosDiamond(BenchDatabase database) {
    this.dbos =
        new DBOS(
            DBOSConfig.defaults("bench")
                .withDatabaseUrl(database.url("dbos"))
                .withDbUser(database.user())
                .withDbPassword(database.password())
                .withMigrate(true));
    this.values = dbos.registerProxy(Values.class, new FourSteps(dbos));
    dbos.launch();
  }

  @Override
  public void run() {
    if (values.sum() != 5) {
      throw new IllegalStateException("a wrong sum");
    }
  }

  @Override
  public void close() {
    dbos.shutdown();
  }
}
