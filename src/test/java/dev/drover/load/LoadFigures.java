package dev.drover.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How long runs took from being opened to their end, in order. */
record LoadFigures(List<Duration> durations, Duration time) {
  LoadFigures {
    durations = durations.stream().sorted().toList();
  }

  int runs() {
    return durations.size();
  }

  Duration p95() {
    return percentile(95);
  }

  private Duration percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * durations.size());
    return durations.get(Math.max(0, rank - 1));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d runs, %.1f a second, p50 %.2f s, p95 %.2f s, p99 %.2f s, longest %.2f s",
        runs(),
        runs() / seconds(time),
        seconds(percentile(50)),
        seconds(p95()),
        seconds(percentile(99)),
        seconds(percentile(100)));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
