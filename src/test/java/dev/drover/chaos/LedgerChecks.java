package dev.drover.chaos;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the agents' own books say against what the journal says. */
final class LedgerChecks {
  private final Ledger ledger;

  LedgerChecks(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Everything that is wrong, by rule; {@code succeeded} are keys that the journal knows done. */
  Map<String, List<String>> findings(List<String> succeeded) {
    Map<String, Long> ends = ledger.counts("END");
    return Map.of(
        "no key is worked on twice at the same time",
            of(ledger.counts("OVERLAP").keySet().stream()),
        "no once key is started twice",
            of(
                ledger.counts("START").entrySet().stream()
                    .filter(start -> isOnce(start.getKey()) && start.getValue() > 1)
                    .map(start -> start.getKey() + " " + start.getValue() + " times")),
        "what the journal says is done was done",
            of(succeeded.stream().filter(key -> !ends.containsKey(key))));
  }

  /** How often agents began in all, and how many keys began more than once. */
  String summary() {
    Map<String, Long> starts = ledger.counts("START");
    long again = starts.values().stream().filter(count -> count > 1).count();
    return "%d agents started for %d keys, %d of them more than once; %d ended by themselves; %d once keys"
        .formatted(
            starts.values().stream().mapToLong(Long::longValue).sum(),
            starts.size(),
            again,
            ledger.counts("END").values().stream().mapToLong(Long::longValue).sum(),
            starts.keySet().stream().filter(LedgerChecks::isOnce).count());
  }

  private static boolean isOnce(String key) {
    return key.endsWith("/charge");
  }

  private static List<String> of(Stream<String> keys) {
    return keys.sorted().toList();
  }
}
