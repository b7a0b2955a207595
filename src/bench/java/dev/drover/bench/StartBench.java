package dev.drover.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * How long the packaged program takes to be ready, and how much processor time until then: as it
 * is, with archives of classes, and with other options of the JVM; in turns, on a data directory
 * that is there already. Its JVM is the one that this program runs in.
 */
public final class StartBench {
  private static final int ROUNDS = Integer.getInteger("start.rounds", 5);

  /** The ways to measure, by their names. */
  private static final Pattern WAYS = Pattern.compile(System.getProperty("start.ways", ".*"));

  private static final int JAVA = Runtime.version().feature();
  private static final String READY = "Drover is ready";

  private final Path jar;
  private final Path folder;

  private StartBench(Path jar, Path folder) {
    this.jar = jar;
    this.folder = folder;
  }

  /** Measures and prints. Arguments are further jars to compare, such as one with all in it. */
  public static void main(String[] arguments) throws Exception {
    Path jar = Path.of("target/drover.jar").toAbsolutePath();
    if (!Files.exists(jar)) {
      throw new IllegalStateException("there is no " + jar + "; run mvn package");
    }
    StartBench bench = new StartBench(jar, Files.createTempDirectory("drover-start"));
    bench.compare("data directory that is there", false, arguments);
    bench.compare("new data directory", true, arguments);
  }

  private record Start(double seconds, double processor) {}

  private void compare(String what, boolean fresh, String[] jars) throws Exception {
    Map<String, List<String>> ways = ways();
    for (String other : jars) {
      ways.put(Path.of(other).getFileName().toString(), List.of("-jar", other));
    }
    ways.keySet().removeIf(name -> !WAYS.matcher(name).matches());
    Map<String, List<Start>> starts = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, List<String>> way : ways.entrySet()) {
        Path data = fresh ? Files.createTempDirectory(folder, "data") : folder.resolve("data");
        starts
            .computeIfAbsent(way.getKey(), w -> new ArrayList<>())
            .add(start(way.getValue(), data));
      }
    }
    System.out.printf("JDK %d, %s, medians of %d%n", JAVA, what, ROUNDS);
    double first = median(starts.values().iterator().next(), true);
    double cpu = median(starts.values().iterator().next(), false);
    starts.forEach(
        (name, of) ->
            System.out.printf(
                Locale.ROOT,
                "%-24s ready after %6.2f s (%.2f), processor %6.2f s (%.2f)%n",
                name,
                median(of, true),
                median(of, true) / first,
                median(of, false),
                median(of, false) / cpu));
  }

  /** Options of the JVM by what they do; those with an archive make it first. */
  private Map<String, List<String>> ways() throws Exception {
    Map<String, List<String>> ways = new LinkedHashMap<>();
    List<String> run = List.of("-jar", jar.toString());
    ways.put("as it is", run);
    ways.put("without Hawtio", with("-Ddrover.hawtio.access=none", run));
    String archive = "" + folder.resolve("classes.jsa");
    if (!Files.exists(Path.of(archive))) {
      start(with("-XX:ArchiveClassesAtExit=" + archive, run), folder.resolve("data"));
    }
    List<String> archived = with("-XX:SharedArchiveFile=" + archive, run);
    ways.put("archive of classes", archived);
    ways.put("archive, C1 alone", with("-XX:TieredStopAtLevel=1", archived));
    ways.put("archive, serial GC", with("-XX:+UseSerialGC", archived));
    if (JAVA >= 25 && WAYS.matcher("AOT cache").matches()) {
      String cache = "" + folder.resolve("classes.aot");
      if (!Files.exists(Path.of(cache))) {
        start(with("-XX:AOTCacheOutput=" + cache, run), folder.resolve("data"));
      }
      ways.put("AOT cache", with("-XX:AOTCache=" + cache, run));
    }
    return ways;
  }

  private static List<String> with(String option, List<String> others) {
    List<String> all = new ArrayList<>(List.of(option));
    all.addAll(others);
    return all;
  }

  private static double median(List<Start> starts, boolean wall) {
    return starts.stream()
        .mapToDouble(start -> wall ? start.seconds : start.processor)
        .sorted()
        .skip(starts.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private static Start start(List<String> options, Path data) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("serve", "--port=0", "--metrics-port=0", "--data-dir=" + data));
    long begin = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader lines = process.inputReader()) {
      awaitReady(lines);
      double seconds = (System.nanoTime() - begin) / 1e9;
      Duration processor = process.toHandle().info().totalCpuDuration().orElseThrow();
      return new Start(seconds, processor.toNanos() / 1e9);
    } finally {
      process.destroy();
      if (!process.waitFor(3, TimeUnit.MINUTES)) { // it may be writing an archive
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static void awaitReady(BufferedReader lines) throws IOException {
    List<String> seen = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.contains(READY)) {
      seen.add(line);
      line = lines.readLine();
    }
    if (line == null) {
      throw new IllegalStateException("the server ended: " + String.join("\n", seen));
    }
  }
}
