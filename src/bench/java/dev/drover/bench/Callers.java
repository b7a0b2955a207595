package dev.drover.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Some callers who do the same work over and over, each waiting for its end. */
final class Callers {
  private Callers() {}

  /** One piece of work, done when it returns. */
  interface Work {
    void run() throws Exception;
  }

  /** Throughput, and latency in milliseconds. */
  record Result(double perSecond, double p50, double p99) {}

  static Result measure(Work work, int callers, int seconds) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    List<Future<List<Long>>> all = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      all.add(threads.submit(() -> repeat(work, end)));
    }
    List<Long> took = new ArrayList<>();
    for (Future<List<Long>> one : all) {
      took.addAll(one.get());
    }
    double elapsed = (System.nanoTime() - begin) / 1e9;
    threads.shutdown();
    long[] sorted = took.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return new Result(sorted.length / elapsed, at(sorted, 0.5), at(sorted, 0.99));
  }

  private static List<Long> repeat(Work work, long end) throws Exception {
    List<Long> took = new ArrayList<>();
    while (System.nanoTime() < end) {
      long begin = System.nanoTime();
      work.run();
      took.add(System.nanoTime() - begin);
    }
    return took;
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
  }
}
