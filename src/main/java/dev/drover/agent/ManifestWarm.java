package dev.drover.agent;

import dev.drover.agent.AgentManifest.Warm;
import dev.drover.yaml.YamlValue.YamlMap;
import java.util.Optional;
import java.util.Set;

/** Reads how long a manifest wants its processes to be kept. */
final class ManifestWarm {
  private static final int MOST_PROCESSES = 256;

  private ManifestWarm() {}

  /** Empty: each attempt has a process of its own. */
  static Optional<Warm> read(ManifestFields fields) {
    Optional<Warm> warm = fields.get("warm") instanceof YamlMap ? detailed(fields) : plain(fields);
    if (warm.isPresent() && !fields.items("mounts").isEmpty()) {
      fields.problem(
          "warm",
          "an agent with mounts can't be warm: its process sees the paths of one attempt only",
          "leave out either \"warm\" or \"mounts\"");
    }
    if (warm.isPresent() && fields.has("artifacts")) {
      fields.problem(
          "warm",
          "an agent that leaves files can't be warm: the folder for them is one attempt's",
          "leave out either \"warm\" or \"artifacts\"");
    }
    return warm;
  }

  private static Optional<Warm> plain(ManifestFields fields) {
    return fields.flag("warm").filter(on -> on).map(on -> Warm.DEFAULT);
  }

  private static Optional<Warm> detailed(ManifestFields fields) {
    return fields
        .object("warm")
        .map(w -> w.only(Set.of("attempts", "idle", "processes")))
        .map(
            w ->
                new Warm(
                    w.count("attempts", Warm.DEFAULT.attempts(), 1_000_000),
                    w.duration("idle", Warm.DEFAULT.idle()),
                    w.count("processes", Warm.DEFAULT.processes(), MOST_PROCESSES)));
  }
}
