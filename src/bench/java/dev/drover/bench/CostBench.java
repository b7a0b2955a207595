package dev.drover.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a node costs where there is much of something, next to what it costs where there is little:
 * with 1,000 workflows deployed, with 1,000,000 ended runs in the tables, in a DAG of 1,000 nodes.
 * Each has an engine and a database of its own on one PostgreSQL, and they are measured in turns.
 */
public final class CostBench {
  private static final int CALLERS = 16;
  private static final int WORKFLOWS = 1_000;
  private static final int ENDED = 1_000_000;
  private static final int LAYERS = 100;
  private static final int WIDTH = 10;

  private CostBench() {}

  /** Measures and prints; the first argument is how many seconds each measurement takes (5). */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    EndListener ends = new EndListener();
    try (BenchDatabase server = BenchDatabase.start();
        Engine small = Engine.on(server.create("small"), ends);
        Engine many = Engine.on(server.create("many"), ends);
        Engine full = Engine.on(filled(server.create("filled")), ends)) {
      List<Case> cases = new ArrayList<>();
      cases.add(new Case("small", 4, diamond(small, ends)));
      cases.add(new Case(WORKFLOWS + " workflows", 4, anyOf(many, ends)));
      cases.add(new Case(ENDED + " ended runs", 4, diamond(full, ends)));
      DeployedWorkflow dag = small.deploy(layers());
      cases.add(new Case(LAYERS * WIDTH + " nodes", LAYERS * WIDTH, new Diamond(small, ends, dag)));
      measure(cases, seconds);
    }
  }

  private record Case(String name, int nodes, Callers.Work work) {
    double microsPerNode(int seconds) throws Exception {
      return 1e6 / Callers.measure(work, CALLERS, seconds).perSecond() / nodes;
    }
  }

  private static void measure(List<Case> cases, int seconds) throws Exception {
    for (Case each : cases) {
      double unused = each.microsPerNode(seconds); // warms up
    }
    double[][] costs = new double[cases.size()][3];
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < costs.length; i++) {
        costs[i][round] = cases.get(i).microsPerNode(seconds);
      }
    }
    System.out.printf("%-22s %12s %8s   (%d callers)%n", "", "us per node", "ratio", CALLERS);
    double first = median(costs[0]);
    for (int i = 0; i < costs.length; i++) {
      double cost = median(costs[i]);
      System.out.printf(Locale.ROOT, "%-22s %12.1f %8.2f%n", cases.get(i).name, cost, cost / first);
    }
  }

  private static double median(double[] values) {
    return java.util.Arrays.stream(values).sorted().toArray()[values.length / 2];
  }

  private static Callers.Work diamond(Engine engine, EndListener ends) {
    return new Diamond(engine, ends, engine.deploy(Diamond.YAML));
  }

  /** Diamonds under many names; each run is one of any of them. */
  private static Callers.Work anyOf(Engine engine, EndListener ends) {
    long begin = System.nanoTime();
    List<Diamond> all = new ArrayList<>();
    for (int i = 0; i < WORKFLOWS; i++) {
      String yaml = Diamond.YAML.replace("name: diamond", "name: diamond-" + i);
      all.add(new Diamond(engine, ends, engine.deploy(yaml)));
    }
    System.out.printf(
        Locale.ROOT,
        "%d workflows deployed in %.1f s%n",
        WORKFLOWS,
        (System.nanoTime() - begin) / 1e9);
    return () -> all.get(ThreadLocalRandom.current().nextInt(WORKFLOWS)).run();
  }

  /** Each node but the first layer's has two parents in the layer before. */
  private static String layers() {
    StringBuilder yaml = new StringBuilder("name: layers\nnodes:\n");
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int i = 0; i < WIDTH; i++) {
        yaml.append("  n").append(layer).append('-').append(i).append(": { ");
        if (layer > 0) {
          String before = "n" + (layer - 1) + "-";
          yaml.append("dependsOn: [").append(before).append(i).append(", ");
          yaml.append(before).append((i + 1) % WIDTH).append("], ");
        }
        yaml.append("value: ").append(i).append(" }\n");
      }
    }
    return yaml.toString();
  }

  /** Runs that ended over the last 1,000,000 seconds, with their nodes; ids as those of then. */
  private static HikariDataSource filled(HikariDataSource database) {
    JdbcClient jdbc = JdbcClient.create(database);
    jdbc.sql(
            """
            insert into workflow (project, name, current_version, source)
            values ('default', 'old', 1, 'api')
            """)
        .update();
    jdbc.sql(
            """
            insert into workflow_version (project, workflow, version, content, hash)
            values ('default', 'old', 1, 'nodes: { a: { value: 1 } }', 'none')
            """)
        .update();
    jdbc.sql(
            """
            insert into run (id, project, workflow, version, dedupe_key, state, reason, epoch,
                             trigger, inputs, outputs, created_at, started_at, ended_at)
            select (lpad(to_hex(extract(epoch from t)::bigint * 1000), 12, '0') || '70008000'
                     || lpad(to_hex(i), 12, '0'))::uuid,
                   'default', 'old', 1, 'old/' || i, 'SUCCEEDED', 'nodes: 4 succeeded', 1,
                   '{"type":"manual"}', '{}', '{"sum":5}', t, t, t
            from generate_series(1, :ended) i
            cross join lateral (select now() - make_interval(secs => :ended - i) as t) x
            """)
        .param("ended", ENDED)
        .update();
    jdbc.sql(
            """
            insert into node_run (run, node_id, state, attempts, output, started_at, ended_at)
            select r.id, n.id, 'SUCCEEDED', 1, '1', r.started_at, r.ended_at
            from run r
            cross join (values ('a'), ('b'), ('c'), ('d')) n (id)
            """)
        .update();
    jdbc.sql("vacuum analyze").update();
    jdbc.sql("checkpoint").update();
    return database;
  }
}
