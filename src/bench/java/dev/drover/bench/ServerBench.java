package dev.drover.bench;

import dev.drover.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The packaged program in a process of its own: how long it takes to be ready, what it keeps in
 * memory, and how long 1,000 alerts in one body take until all their runs are done, next to a bare
 * JDBC program that writes as many on the same PostgreSQL.
 */
public final class ServerBench {
  private static final int ALERTS = 1_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String WORKFLOW =
      Diamond.YAML.replace(
          "nodes:\n", "triggers:\n  - alert: { match: { alertname: Bench } }\nnodes:\n");

  private ServerBench() {}

  /** Measures and prints. */
  public static void main(String[] arguments) throws Exception {
    Path jar = Path.of("target/drover.jar").toAbsolutePath();
    if (!Files.exists(jar)) {
      throw new IllegalStateException("there is no " + jar + "; run mvn package");
    }
    Path data = Files.createTempDirectory("drover-bench");
    print("first start, PostgreSQL embedded and new", embedded(jar, data));
    Start[] starts = new Start[3];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = embedded(jar, data);
    }
    Arrays.sort(starts, (a, b) -> Double.compare(a.seconds, b.seconds));
    print("start, PostgreSQL embedded (median of 3)", starts[1]);
    try (BenchDatabase database = BenchDatabase.start()) {
      alerts(jar, database);
    }
  }

  /** How a start went; memory in MiB, ours and that of PostgreSQL's processes. */
  private record Start(double seconds, double memory, double postgres) {}

  private static void print(String what, Start start) {
    System.out.printf(
        Locale.ROOT,
        "%s: ready after %.1f s, %.0f MiB resident (and PostgreSQL's processes %.0f MiB)%n",
        what,
        start.seconds,
        start.memory,
        start.postgres);
  }

  private static Start embedded(Path jar, Path data) throws Exception {
    long begin = System.nanoTime();
    try (Running server = Running.start(jar, List.of("--data-dir=" + data))) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      Thread.sleep(2_000);
      return new Start(seconds, resident(server.process.pid()), postgres(data));
    }
  }

  /** The memory of the embedded server's processes; what they share is counted once. */
  private static double postgres(Path data) throws IOException {
    Path lock;
    try (Stream<Path> files = Files.walk(data)) {
      lock = files.filter(file -> file.endsWith("postmaster.pid")).findFirst().orElseThrow();
    }
    ProcessHandle postmaster =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(lock).get(0).strip())).orElseThrow();
    double sum = 0;
    for (ProcessHandle process :
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList()) {
      sum += mebibytes("/proc/" + process.pid() + "/smaps_rollup", "Pss:");
    }
    return sum;
  }

  private static void alerts(Path jar, BenchDatabase database) throws Exception {
    var pool = database.create("server");
    JdbcClient jdbc = JdbcClient.create(pool);
    try (Running server =
        Running.start(
            jar,
            List.of(
                "--data-dir=" + Files.createTempDirectory("drover-bench"),
                "--db-url=" + database.url("server"),
                "--db-user=" + database.user(),
                "--db-password=" + database.password()))) {
      server.post("/api/workflows", "application/yaml", WORKFLOW);
      double[] took = new double[5];
      for (int round = 0; round < took.length; round++) {
        long begin = System.nanoTime();
        server.post("/api/webhooks/alertmanager", "application/json", body(round));
        while (ended(jdbc) < (round + 1) * ALERTS) {
          Thread.sleep(2);
        }
        took[round] = (System.nanoTime() - begin) / 1e9;
      }
      System.out.printf(
          Locale.ROOT, "1,000 alerts in one body, until all runs are done: %s s%n", list(took));
      System.out.printf(
          Locale.ROOT, "resident after that: %.0f MiB%n", resident(server.process.pid()));
    }
    bare(pool);
  }

  private static void bare(com.zaxxer.hikari.HikariDataSource pool) throws Exception {
    BareJdbc bare = new BareJdbc(pool, "diamond", 1);
    Callers.Result unused = Callers.measure(bare::run, 16, 3);
    Callers.Result result = Callers.measure(bare::run, 16, 5);
    System.out.printf(
        Locale.ROOT,
        "1,000 runs of the bare JDBC program with 16 callers: %.2f s%n",
        ALERTS / result.perSecond());
  }

  private static int ended(JdbcClient jdbc) {
    return jdbc.sql("select count(*) from run where state = 'SUCCEEDED'")
        .query(Integer.class)
        .single();
  }

  private static String list(double[] seconds) {
    return String.join(
        ", ", Arrays.stream(seconds).mapToObj(s -> String.format(Locale.ROOT, "%.2f", s)).toList());
  }

  private static String body(int round) {
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (int i = 0; i < ALERTS; i++) {
      alerts.add(
          Map.of(
              "status", "firing",
              "labels", Map.of("alertname", "Bench", "host", "db-" + round + "-" + i),
              "annotations", Map.of("summary", "A filesystem fills up"),
              "startsAt", "2026-01-01T00:00:00Z",
              "endsAt", "0001-01-01T00:00:00Z",
              "generatorURL", "http://prometheus/graph",
              "fingerprint", String.format(Locale.ROOT, "%016x", round * ALERTS + i)));
    }
    return Json.print(
        Map.of(
            "version",
            "4",
            "groupKey",
            "{}:{alertname=\"Bench\"}",
            "status",
            "firing",
            "receiver",
            "drover",
            "groupLabels",
            Map.of("alertname", "Bench"),
            "commonLabels",
            Map.of("alertname", "Bench"),
            "commonAnnotations",
            Map.of(),
            "externalURL",
            "http://alertmanager",
            "truncatedAlerts",
            0,
            "alerts",
            alerts));
  }

  private static double resident(long pid) throws IOException {
    return mebibytes("/proc/" + pid + "/status", "VmRSS:");
  }

  private static double mebibytes(String file, String line) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
              .filter(text -> text.startsWith(line))
              .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
              .sum()
          / 1024.0;
    }
  }

  /** A server that is ready. */
  private record Running(Process process, int port) implements AutoCloseable {
    static Running start(Path jar, List<String> options) throws Exception {
      int port = freePort();
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-jar", jar.toString(), "serve"));
      command.addAll(options);
      command.addAll(List.of("--port=" + port, "--metrics-port=" + freePort()));
      Process process =
          new ProcessBuilder(command)
              .directory(Files.createTempDirectory("drover-bench").toFile())
              .redirectErrorStream(true)
              .start();
      BufferedReader printed = process.inputReader();
      StringBuilder all = new StringBuilder();
      for (String line = printed.readLine(); line != null; line = printed.readLine()) {
        all.append(line).append('\n');
        if (line.contains("Drover is ready")) {
          Thread drain = new Thread(() -> drain(printed));
          drain.setDaemon(true);
          drain.start();
          return new Running(process, port);
        }
      }
      throw new IllegalStateException("it did not start:\n" + all);
    }

    private static void drain(BufferedReader printed) {
      try {
        printed.lines().forEach(unused -> {});
      } catch (UncheckedIOException e) {
        // The server has ended.
      }
    }

    void post(String path, String type, String body) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Content-Type", type)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }
}
