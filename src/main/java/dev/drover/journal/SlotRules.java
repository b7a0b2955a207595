package dev.drover.journal;

import dev.drover.workflow.Concurrency.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Which runs of one workflow and key may begin, given those that hold its slots. Pure.
 *
 * @param admitted may begin now, oldest first
 * @param dropped end without having begun
 * @param replaced hold slots and must give them up
 */
record SlotRules(List<UUID> admitted, List<UUID> dropped, List<UUID> replaced) {
  /**
   * Decides.
   *
   * @param holding the runs that hold slots, oldest first
   * @param fresh those that have not begun, oldest first
   */
  static SlotRules decide(int limit, Overflow overflow, List<UUID> holding, List<UUID> fresh) {
    int free = Math.max(0, limit - holding.size());
    return switch (overflow) {
      case QUEUE -> new SlotRules(first(fresh, free), List.of(), List.of());
      case DROP -> new SlotRules(first(fresh, free), rest(fresh, free), List.of());
      case REPLACE -> {
        int old = Math.max(0, fresh.size() - limit);
        List<UUID> newest = rest(fresh, old);
        int tooMany = Math.max(0, holding.size() + newest.size() - limit);
        yield new SlotRules(first(newest, free), first(fresh, old), first(holding, tooMany));
      }
    };
  }

  private static List<UUID> first(List<UUID> runs, int count) {
    return new ArrayList<>(runs.subList(0, Math.min(count, runs.size())));
  }

  private static List<UUID> rest(List<UUID> runs, int from) {
    return new ArrayList<>(runs.subList(Math.min(from, runs.size()), runs.size()));
  }
}
