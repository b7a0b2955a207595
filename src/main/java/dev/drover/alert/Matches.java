package dev.drover.alert;

import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.RunTrace;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

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

  /** The same with places in traces for its runs. */
  Matches traced(Function<RunId, Optional<RunTrace>> place) {
    return new Matches(
        wanted.stream().map(run -> run.traced(place.apply(run.request().id()))).toList(),
        suppressed,
        refused);
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
