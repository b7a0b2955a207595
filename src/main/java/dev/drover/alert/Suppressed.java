package dev.drover.alert;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Episodes that open no run of a workflow because of its cooldown.
 *
 * @param until the end of the cooldown
 * @param more whether earlier ones are still to be remembered: of one alert, only the newest
 *     episode can fire at the end
 */
public record Suppressed(Cooldowns.Key key, Instant until, List<UUID> episodes, boolean more) {
  public Suppressed {
    episodes = List.copyOf(episodes);
  }
}
