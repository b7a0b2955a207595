package dev.drover.alert;

import dev.drover.name.WorkflowName;
import dev.drover.workflow.Trigger;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Which workflows open no run for an alert or a group now, because they opened one a short while
 * ago. Pure.
 *
 * @param now by which it is judged: when the delivery was received
 */
public record Cooldowns(Map<Key, Cooldown> known, Instant now) {
  /** Where they do not apply. */
  public static final Cooldowns NONE = new Cooldowns(Map.of(), Instant.EPOCH);

  public Cooldowns {
    known = Map.copyOf(known);
  }

  /** Of what; the identity is an alert's, or a group's. */
  public record Key(WorkflowName workflow, String identity) {}

  /**
   * Until when.
   *
   * @param pending whether episodes came meanwhile, which will open a run at its end
   */
  public record Cooldown(Instant until, boolean pending) {}

  /**
   * The cooldown that keeps a trigger from opening a run; empty if it may open one. One of a group
   * holds until what is pending was opened: a run in between would be a second one.
   */
  Optional<Cooldown> holding(Trigger.Alert trigger, Key key) {
    Cooldown cooldown = known.get(key);
    if (trigger.cooldown().isEmpty() || cooldown == null) {
      return Optional.empty();
    }
    boolean comesAtItsEnd = trigger.per() == Trigger.Per.GROUP && cooldown.pending();
    boolean held = cooldown.until().isAfter(now) || comesAtItsEnd;
    return held ? Optional.of(cooldown) : Optional.empty();
  }
}
