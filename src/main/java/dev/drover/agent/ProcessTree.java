package dev.drover.agent;

import dev.drover.agent.ProcessTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All processes of one attempt: counted, measured and killed together. */
final class ProcessTree {
  private final Process root;
  private final boolean wrapped;
  private final Set<Path> pipes;
  private final Leash.Hold hold;
  private final Map<Long, Long> seen = new ConcurrentHashMap<>();

  /**
   * Begins to follow a process.
   *
   * @param wrapped whether the root and its child are the sandbox's own, and end all others with
   *     themselves
   * @param hold told of the root, and of what leaves its session
   */
  ProcessTree(Process root, boolean wrapped, Leash.Hold hold) {
    this.root = root;
    this.wrapped = wrapped;
    this.hold = hold;
    hold.started(root.pid());
    this.pipes = wrapped ? Set.of() : pipes(root.pid());
  }

  /** The agent's own processes. What is seen once is followed even when its parent has gone. */
  List<Entry> members(ProcessTable table) {
    List<Entry> tree = table.tree(root.pid(), seen);
    tree.forEach(this::see);
    return wrapped
        ? tree.stream().filter(e -> e.pid() != root.pid() && e.parent() != root.pid()).toList()
        : tree;
  }

  private void see(Entry entry) {
    Long before = seen.put(entry.pid(), entry.start());
    boolean isNew = before == null || before != entry.start();
    // A sandbox ends with its root, whatever sessions it has.
    if (isNew && !wrapped && entry.session() != root.pid()) {
      hold.strayed(entry.pid(), entry.start());
    }
  }

  /** Asks the agent's processes to end: SIGTERM. */
  void terminate() {
    ProcessTable table = ProcessTable.scan(Set.of());
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
    root.destroyForcibly(); // before anything that takes time: a sandbox ends with it
    ProcessTable table = ProcessTable.scan(Set.of());
    if (table.isEmpty()) {
      root.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    List<Entry> tree = table.tree(root.pid(), seen);
    tree.forEach(this::see);
    signal(tree, ProcessHandle::destroyForcibly);
  }

  /**
   * Kills what is left once the root has ended, even what left session and parents behind, if it
   * still holds the attempt's pipes: with them it could keep the server reading for ever.
   */
  void killLeftovers() {
    if (wrapped) {
      return;
    }
    for (int round = 0; round < 20; round++) {
      ProcessTable table = ProcessTable.scan(Set.of());
      List<Entry> left =
          table.all().stream()
              .filter(e -> e.session() == root.pid() || isSeen(e) || holdsPipe(e))
              .toList();
      if (left.isEmpty()) {
        return;
      }
      signal(left, ProcessHandle::destroyForcibly);
    }
  }

  /** The attempt's place on the leash. */
  Leash.Hold hold() {
    return hold;
  }

  /** Whether the process has been seen to belong to the attempt. */
  boolean knows(long pid) {
    return seen.containsKey(pid);
  }

  private boolean isSeen(Entry entry) {
    Long start = seen.get(entry.pid());
    return start != null && start == entry.start();
  }

  private boolean holdsPipe(Entry entry) {
    return entry.pid() != ProcessHandle.current().pid()
        && pipes(entry.pid()).stream().anyMatch(pipes::contains);
  }

  /** What a process writes to, if these are pipes: no other process of the host has the same. */
  private static Set<Path> pipes(long pid) {
    Set<Path> pipes = new HashSet<>();
    for (String descriptor : List.of("1", "2")) {
      try {
        Path target = Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + descriptor));
        if (target.toString().startsWith("pipe:")) {
          pipes.add(target);
        }
      } catch (IOException | UnsupportedOperationException e) {
        pipes.clear(); // it has ended, or this is no Linux
      }
    }
    return pipes;
  }

  private static void signal(List<Entry> entries, java.util.function.Consumer<ProcessHandle> how) {
    for (Entry entry : entries) {
      ProcessHandle.of(entry.pid()).ifPresent(how);
    }
  }
}
