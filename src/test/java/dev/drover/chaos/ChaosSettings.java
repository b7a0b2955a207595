package dev.drover.chaos;

import dev.drover.yaml.DurationText;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * How long the suite disturbs, and in which order: {@code -Ddrover.chaos.duration=15m}, {@code
 * -Ddrover.chaos.seed=7}.
 */
record ChaosSettings(Duration duration, long seed) {
  private static final Duration LONG = Duration.ofMinutes(3);

  static ChaosSettings fromProperties() {
    String text = System.getProperty("drover.chaos.duration", "45s");
    Duration duration =
        DurationText.parse(text)
            .orElseThrow(() -> new IllegalArgumentException("drover.chaos.duration: " + text));
    long seed = Long.getLong("drover.chaos.seed", new SecureRandom().nextInt(1_000_000));
    return new ChaosSettings(duration, seed);
  }

  /** Whether there is time for what takes long. */
  boolean isLong() {
    return duration.compareTo(LONG) >= 0;
  }
}
