package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.run.WorkflowStore.Head;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings into one server's registry what other servers changed. What this server changes meanwhile
 * is newer than what was read, and stays.
 */
final class RegistryRefresh {
  /** A version that can't be deployed is tried again after so many rounds. */
  private static final int PATIENCE = 60;

  private final WorkflowRegistry registry;
  private final WorkflowStore store;
  private final Map<VersionId, Integer> failedIn = new HashMap<>();
  private int round;

  RegistryRefresh(WorkflowRegistry registry, WorkflowStore store) {
    this.registry = registry;
    this.store = store;
  }

  private record Name(ProjectName project, WorkflowName workflow) {}

  synchronized void run() {
    round++;
    failedIn.values().removeIf(failed -> round - failed >= PATIENCE);
    Map<Name, Active> known = new HashMap<>();
    registry.active().forEach(active -> known.put(name(active.workflow().id()), active));
    for (Head head : store.heads()) {
      Active was = known.remove(name(head.version()));
      if (!head.retired()) {
        update(was, head);
      } else if (was != null) {
        registry.drop(was);
      }
    }
    known.values().forEach(registry::drop);
  }

  private static Name name(VersionId id) {
    return new Name(id.project(), id.workflow());
  }

  private void update(@Nullable Active was, Head head) {
    if (was == null || was.workflow().version() != head.version().version()) {
      load(was, head);
    } else if (was.paused() != head.paused() || !was.source().equals(head.source())) {
      registry.replace(was, new Active(was.workflow(), head.source(), head.paused()));
    }
  }

  private void load(@Nullable Active was, Head head) {
    if (failedIn.containsKey(head.version())) {
      return;
    }
    Optional<String> content = store.content(head.version());
    if (content.isEmpty()) {
      return; // its server is gone between the two, or takes a backup in
    }
    try {
      DeployedWorkflow now = registry.read(head.version(), content.get());
      registry.replace(was, new Active(now, head.source(), head.paused()));
    } catch (WorkflowRegistry.NotDeployable | RuntimeException e) { // the others go on
      failedIn.put(head.version(), round);
      registry.setAside(head.version(), e);
    }
  }
}
