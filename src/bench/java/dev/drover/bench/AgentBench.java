package dev.drover.bench;

import dev.drover.agent.AgentCall;
import dev.drover.agent.AgentRuntime;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.LogSink;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.SandboxRuntime;
import dev.drover.agent.Secrets;
import dev.drover.name.AgentName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to run an agent that does nothing: in the sandbox and as a plain process next to a
 * bare {@code fork} and {@code exec} of {@code /bin/true}, in turns; how many attempts a second
 * warm processes serve; how long the agents that come with Drover take to start.
 */
public final class AgentBench {
  private static final int STARTS = 200;
  private static final int SECONDS = 5;

  private final Path folder;
  private final ExecutorService executor;
  private final Map<String, Agents> runtimes;

  private AgentBench(Path folder, ExecutorService executor, Map<String, Agents> runtimes) {
    this.folder = folder;
    this.executor = executor;
    this.runtimes = runtimes;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    RuntimeSettings settings =
        new RuntimeSettings(List.of(), List.of(), Secrets.NONE, 8, Clock.systemUTC());
    try (AgentRuntime sandbox = new SandboxRuntime(settings, executor);
        AgentRuntime process = new ProcessRuntime(settings, executor)) {
      Map<String, Agents> runtimes = new LinkedHashMap<>();
      runtimes.put("process", new Agents(process, executor));
      runtimes.put("sandbox", new Agents(sandbox, executor));
      AgentBench bench =
          new AgentBench(Files.createTempDirectory("drover-bench"), executor, runtimes);
      bench.starts();
      bench.javaAgents();
      bench.warm(1);
      bench.warm(4);
    } finally {
      executor.shutdownNow();
    }
  }

  private static RuntimeSettings settings(Path jar, Optional<Path> archives) {
    return new RuntimeSettings(
        new RuntimeSettings.Libraries(List.of(jar), archives),
        List.of(),
        Secrets.NONE,
        8,
        Clock.systemUTC(),
        Duration.ofSeconds(8),
        List.of());
  }

  private void starts() throws Exception {
    String name = agent("nothing", "command: [/bin/true]");
    Map<String, Callable<?>> ways = new LinkedHashMap<>();
    ways.put("fork and exec", () -> new ProcessBuilder("/bin/true").start().waitFor());
    runtimes.forEach((runtime, agents) -> ways.put(runtime, () -> run(agents, name)));
    print("start of /bin/true", ways, STARTS);
  }

  /** Agents with the input of their self-tests; Drover must be packaged. */
  private void javaAgents() throws Exception {
    Path jar = Path.of("target/drover-agents.jar");
    if (!Files.exists(jar)) {
      System.out.println("there is no " + jar + "; run mvn package to measure the JVM agents");
      return;
    }
    Path archives = folder.resolve("archives");
    try (AgentRuntime plain = new SandboxRuntime(settings(jar, Optional.empty()), executor);
        AgentRuntime quick = new SandboxRuntime(settings(jar, Optional.of(archives)), executor)) {
      Agents without = new Agents(plain, executor);
      Agents with = new Agents(quick, executor);
      for (String name : List.of("security-scanner", "notifier")) {
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        ways.put("bare java", () -> without.selfTest(new AgentName(name)).join());
        ways.put("archived classes", () -> with.selfTest(new AgentName(name)).join());
        for (Agents agents : List.of(without, with)) {
          System.out.println(
              name + ": " + agents.register(Path.of("agents", name)).availability().join());
        }
        awaitArchive(archives, name);
        print("self-test of " + name, ways, 15);
      }
    }
  }

  private static void awaitArchive(Path archives, String name) throws Exception {
    for (int i = 0; i < 100; i++) {
      try (DirectoryStream<Path> made = Files.newDirectoryStream(archives, name + "-*.jsa")) {
        if (made.iterator().hasNext()) {
          return;
        }
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IllegalStateException("no archive of " + name + " was made");
  }

  /** In turns; medians. */
  private static void print(String what, Map<String, Callable<?>> ways, int rounds)
      throws Exception {
    Map<String, double[]> times = new LinkedHashMap<>();
    for (String way : ways.keySet()) {
      times.put(way, new double[rounds]);
    }
    for (int round = -rounds / 4; round < rounds; round++) {
      for (Map.Entry<String, Callable<?>> way : ways.entrySet()) {
        long begin = System.nanoTime();
        Object unused = way.getValue().call();
        if (round >= 0) {
          times.get(way.getKey())[round] = (System.nanoTime() - begin) / 1e6;
        }
      }
    }
    System.out.println(what);
    times.forEach(
        (way, all) -> {
          Arrays.sort(all);
          System.out.printf(
              Locale.ROOT,
              "  %-16s median %8.2f ms, p90 %8.2f ms%n",
              way,
              all[rounds / 2],
              all[rounds * 9 / 10]);
        });
  }

  private void warm(int processes) throws Exception {
    for (Map.Entry<String, Agents> runtime : runtimes.entrySet()) {
      String name = agent("warm-" + processes, "command: [sh, run.sh]", warmth(processes));
      double unused = perSecond(runtime.getValue(), name, processes, 2);
      List<Double> rounds = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rounds.add(perSecond(runtime.getValue(), name, processes, SECONDS));
      }
      rounds.sort(null);
      System.out.printf(
          Locale.ROOT,
          "warm, %d process(es), %-8s %8.0f attempts/s%n",
          processes,
          runtime.getKey(),
          rounds.get(1));
    }
  }

  private static String warmth(int processes) {
    return "warm: { attempts: 1000000, processes: " + processes + " }";
  }

  private double perSecond(Agents agents, String name, int callers, int seconds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      work.add(
          () -> {
            int count = 0;
            for (; System.nanoTime() < end; count++) {
              if (!(run(agents, name) instanceof AttemptResult.Succeeded)) {
                throw new IllegalStateException("a warm attempt failed");
              }
            }
            return count;
          });
    }
    int total = 0;
    for (var each : threads.invokeAll(work)) {
      total += each.get();
    }
    threads.shutdown();
    return total / (double) seconds;
  }

  private String agent(String name, String... manifest) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        home.resolve("run.sh"), "while read -r line; do echo '{\"output\":1}'; done\n");
    Files.writeString(
        home.resolve("agent.yaml"), "name: " + name + "\n" + String.join("\n", manifest) + "\n");
    runtimes.values().forEach(agents -> agents.register(home).availability().join());
    return name;
  }

  private static AttemptResult run(Agents agents, String name) {
    AttemptIdentity identity =
        new AttemptIdentity("run", "node", 1, "key", Optional.empty(), "bench/bench");
    return agents
        .run(new AgentCall(new AgentName(name), Map.of(), Optional.empty(), identity, LogSink.NONE))
        .result()
        .join();
  }
}
