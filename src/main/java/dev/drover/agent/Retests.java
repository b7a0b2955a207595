package dev.drover.agent;

import dev.drover.agent.Availability.Unavailable;
import dev.drover.name.AgentName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When agents that can't run here are tested again: what they lacked, an engine or a program, may
 * be there by now. After a minute at first, then less and less often.
 */
final class Retests {
  static final Duration FIRST = Duration.ofMinutes(1);
  static final Duration LONGEST = Duration.ofHours(1);

  private final Map<AgentName, Plan> plans = new HashMap<>();

  /** When an agent of this content is tested again, and how long after that if it fails. */
  private record Plan(String hash, Instant at, Duration next) {}

  /** The agents to test now. */
  List<AgentName> due(Collection<AgentStatus> agents, Instant now) {
    List<AgentName> due = new ArrayList<>();
    Map<AgentName, Plan> unavailable = new HashMap<>();
    for (AgentStatus agent : agents) {
      Plan known = plans.get(agent.manifest().name());
      if (agent.availability() instanceof Availability.Available) {
        continue;
      }
      String hash = agent.manifest().hash();
      Plan plan =
          known != null && known.hash.equals(hash) ? known : new Plan(hash, now.plus(FIRST), FIRST);
      if (agent.availability() instanceof Unavailable && !now.isBefore(plan.at)) {
        due.add(agent.manifest().name());
        Duration next = plan.next.multipliedBy(2);
        next = next.compareTo(LONGEST) > 0 ? LONGEST : next;
        plan = new Plan(plan.hash, now.plus(next), next);
      }
      unavailable.put(agent.manifest().name(), plan);
    }
    plans.clear();
    plans.putAll(unavailable);
    return due;
  }
}
