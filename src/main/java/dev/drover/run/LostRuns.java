package dev.drover.run;

import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs that are this server's by the journal, and that nobody carries: they were opened or
 * taken up by a transaction whose answer was lost.
 */
final class LostRuns {
  private static final Logger LOG = LoggerFactory.getLogger(LostRuns.class);

  private Set<RunId> missing = Set.of();

  /**
   * Those that are missing for the second time: once may mean that they have just begun or ended.
   */
  Set<RunId> look(Set<RunId> ours, Predicate<RunId> carried) {
    Set<RunId> now =
        ours.stream().filter(id -> !carried.test(id)).collect(Collectors.toUnmodifiableSet());
    Set<RunId> lost = now.stream().filter(missing::contains).collect(Collectors.toSet());
    missing = now;
    if (!lost.isEmpty()) {
      LOG.atWarn().addKeyValue("runs", lost.size()).log("Lost runs are taken up again");
    }
    return lost;
  }
}
