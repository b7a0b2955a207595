package dev.drover.load;

import dev.drover.yaml.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * For how long each level is kept, and how many runs go on at a time in each: {@code
 * -Ddrover.load.duration=15m}, {@code -Ddrover.load.levels=10,100}.
 */
record LoadSettings(Duration duration, List<Integer> levels) {
  static LoadSettings fromProperties() {
    String text = System.getProperty("drover.load.duration", "15s");
    Duration duration =
        DurationText.parse(text)
            .orElseThrow(() -> new IllegalArgumentException("drover.load.duration: " + text));
    String levels = System.getProperty("drover.load.levels", "10,100");
    return new LoadSettings(
        duration, Arrays.stream(levels.split(",")).map(Integer::valueOf).toList());
  }
}
