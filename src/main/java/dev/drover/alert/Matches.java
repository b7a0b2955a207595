package dev.drover.alert;

import dev.drover.run.RunRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the workflows make of a delivery.
 *
 * @param suppressed what opens no run because of a cooldown
 */
public record Matches(List<WantedRun> wanted, List<Suppressed> suppressed, List<Refused> refused) {
  public Matches {
    wanted = List.copyOf(wanted);
    suppressed = List.copyOf(suppressed);
    refused = List.copyOf(refused);
  }

  /** The runs that are asked for. */
  public List<RunRequest> runs() {
    return wanted.stream().map(WantedRun::request).toList();
  }

  /** The episodes that at least one workflow wants, with a run now or after a cooldown. */
  public Set<UUID> matched() {
    Set<UUID> all = opening();
    suppressed.forEach(s -> all.addAll(s.episodes()));
    return all;
  }

  /** The episodes that a run is asked for. */
  Set<UUID> opening() {
    Set<UUID> all = new HashSet<>();
    wanted.forEach(run -> all.addAll(run.episodes()));
    return all;
  }
}
