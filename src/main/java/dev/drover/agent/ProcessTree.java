package dev.drover.agent;

import dev.drover.agent.ProcessTable.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All processes of one attempt: counted, measured and killed together. */
final class ProcessTree {
  private final Process root;
  private final boolean wrapped;
  private final List<String> marks;
  private final Map<Long, Long> seen = new ConcurrentHashMap<>();

  /**
   * Begins to follow a process.
   *
   * @param wrapped whether the root and its child are the sandbox's own, and end all others with
   *     themselves
   * @param marks variables that every process of the attempt has in its environment, and no other
   */
  ProcessTree(Process root, boolean wrapped, List<String> marks) {
    this.root = root;
    this.wrapped = wrapped;
    this.marks = marks.stream().map(mark -> "\0" + mark + "\0").toList();
  }

  /** The agent's own processes. What is seen once is followed even when its parent has gone. */
  List<Entry> members(ProcessTable table) {
    List<Entry> tree = table.tree(root.pid(), seen);
    tree.forEach(entry -> seen.put(entry.pid(), entry.start()));
    return wrapped
        ? tree.stream().filter(e -> e.pid() != root.pid() && e.parent() != root.pid()).toList()
        : tree;
  }

  /** Asks the agent's processes to end: SIGTERM. */
  void terminate() {
    ProcessTable table = ProcessTable.scan();
    List<Entry> members = members(table);
    if (table.isEmpty()) {
      Stream.concat(root.descendants(), Stream.of(root.toHandle())).forEach(ProcessHandle::destroy);
    } else if (members.isEmpty()) {
      root.destroy();
    }
    signal(members, ProcessHandle::destroy);
  }

  /** Kills everything that belongs to the attempt, the runtime's own processes too: SIGKILL. */
  void kill() {
    ProcessTable table = ProcessTable.scan();
    if (table.isEmpty()) {
      root.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    List<Entry> tree = table.tree(root.pid(), seen);
    tree.forEach(entry -> seen.put(entry.pid(), entry.start()));
    root.destroyForcibly();
    signal(tree, ProcessHandle::destroyForcibly);
  }

  /**
   * Kills what is left once the root has ended, even what left session and parents behind: such a
   * process still carries the attempt's environment.
   */
  void killLeftovers() {
    if (wrapped) {
      return;
    }
    for (int round = 0; round < 20; round++) {
      ProcessTable table = ProcessTable.scan();
      List<Entry> left =
          table.all().stream()
              .filter(e -> e.session() == root.pid() || isSeen(e) || carriesMarker(e))
              .toList();
      if (left.isEmpty()) {
        return;
      }
      signal(left, ProcessHandle::destroyForcibly);
    }
  }

  private boolean isSeen(Entry entry) {
    Long start = seen.get(entry.pid());
    return start != null && start == entry.start();
  }

  private boolean carriesMarker(Entry entry) {
    try {
      byte[] environ = Files.readAllBytes(Path.of("/proc/" + entry.pid() + "/environ"));
      String text = "\0" + new String(environ, StandardCharsets.UTF_8);
      return marks.stream().allMatch(text::contains);
    } catch (IOException e) {
      return false; // it has ended, or it is another user's
    }
  }

  private static void signal(List<Entry> entries, java.util.function.Consumer<ProcessHandle> how) {
    for (Entry entry : entries) {
      ProcessHandle.of(entry.pid()).ifPresent(how);
    }
  }
}
