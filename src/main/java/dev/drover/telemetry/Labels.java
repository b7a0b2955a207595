package dev.drover.telemetry;

import dev.drover.run.Journal.WorkflowKey;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of labels. Who deploys workflows and agents without end must not fill the memory of
 * those who watch them: of each kind there is room for so many since the server started, and the
 * others share one value.
 */
final class Labels {
  /** The value of what belongs to none; nothing can have this name. */
  static final String NONE = "-";

  /** The value of all for which there is no room; also a name that one of them may have. */
  static final String OTHER = "other";

  static final int WORKFLOWS = 1_000;
  static final int NODES = 10_000;
  static final int AGENTS = 500;

  private final Names workflows = new Names(WORKFLOWS);
  private final Names nodes = new Names(NODES);
  private final Names agents = new Names(AGENTS);

  String workflow(WorkflowKey workflow) {
    return workflows.has(workflow) ? workflow.workflow().value() : OTHER;
  }

  String node(WorkflowKey workflow, String node) {
    return workflows.has(workflow) && nodes.has(new OfNode(workflow, node)) ? node : OTHER;
  }

  String agent(String agent) {
    return agents.has(agent) ? agent : OTHER;
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private record OfNode(WorkflowKey workflow, String node) {}

  /** Those that came first. */
  private static final class Names {
    private final Set<Object> known = ConcurrentHashMap.newKeySet();
    private final int room;

    Names(int room) {
      this.room = room;
    }

    boolean has(Object name) {
      return known.contains(name) || add(name);
    }

    private synchronized boolean add(Object name) {
      return known.contains(name) || (known.size() < room && known.add(name));
    }
  }
}
