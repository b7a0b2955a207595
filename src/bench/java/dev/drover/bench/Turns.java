package dev.drover.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Several ways to do the same work, measured in turns in one process, so that the machine's mood is
 * in all of them; what counts are the ratios. Prints medians.
 */
final class Turns {
  private static final int ROUNDS = 3;

  /** Rounds before it counts: on two processors the compiler needs long to be done. */
  private static final int WARM_UP = 4;

  private final Map<String, Callers.Work> ways = new LinkedHashMap<>();
  private final int seconds;

  Turns(int seconds) {
    this.seconds = seconds;
  }

  /** The first way is what the others are compared to. */
  Turns with(String name, Callers.Work work) {
    ways.put(name, work);
    return this;
  }

  /** Measures and prints a line for each number of callers and way. */
  void print(int... callers) throws Exception {
    for (Callers.Work work : ways.values()) {
      Callers.measure(work, 16, WARM_UP * seconds);
    }
    System.out.printf("%-8s %-10s %10s %10s %10s%n", "callers", "", "runs/s", "p50 ms", "p99 ms");
    for (int number : callers) {
      compare(number);
    }
  }

  private void compare(int callers) throws Exception {
    Map<String, Callers.Result[]> results = new LinkedHashMap<>();
    ways.keySet().forEach(name -> results.put(name, new Callers.Result[ROUNDS]));
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, Callers.Work> way : ways.entrySet()) {
        Callers.Result[] of = results.get(way.getKey());
        of[round] = Callers.measure(way.getValue(), callers, seconds);
      }
    }
    Callers.Result first = median(results.values().iterator().next());
    results.forEach((name, rounds) -> print(callers, name, median(rounds), first));
  }

  private static void print(int callers, String name, Callers.Result result, Callers.Result first) {
    System.out.printf(
        Locale.ROOT,
        "%-8d %-10s %10.0f %10.2f %10.2f   %.2fx%n",
        callers,
        name,
        result.perSecond(),
        result.p50(),
        result.p99(),
        first.perSecond() / result.perSecond());
  }

  private static Callers.Result median(Callers.Result[] rounds) {
    Arrays.sort(rounds, (x, y) -> Double.compare(x.perSecond(), y.perSecond()));
    return rounds[rounds.length / 2];
  }
}
