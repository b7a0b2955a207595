package dev.drover.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The host's processes at one moment, from {@code /proc}; empty where there is none. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  private final Map<Long, Entry> entries = new HashMap<>();
  private final Map<Long, List<Entry>> children = new HashMap<>();

  private ProcessTable() {}

  /**
   * One process that is not a zombie.
   *
   * @param resident memory in pages, shared ones included
   * @param start in clock ticks since boot: with the pid it is an identity
   */
  record Entry(long pid, long parent, long session, int threads, long resident, long start) {
    /** Bytes of memory, shared ones counted by their share. Dear: the kernel walks the pages. */
    Optional<Long> proportional() {
      try {
        for (String line : Files.readAllLines(PROC.resolve(pid + "/smaps_rollup"))) {
          if (line.startsWith("Pss:")) {
            return Optional.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
          }
        }
      } catch (IOException e) {
        return Optional.empty(); // it has ended, or it is not ours to look into
      }
      return Optional.empty();
    }
  }

  /** Reads all processes but those that are known not to matter. */
  static ProcessTable scan(Set<Long> skipped) {
    ProcessTable table = new ProcessTable();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        if (!skipped.contains(Long.parseLong(process.getFileName().toString()))) {
          read(process).ifPresent(table::add);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return table; // no /proc on this system: callers fall back to what the JDK knows
    }
    return table;
  }

  /** When a living process was started, in clock ticks since boot. */
  static Optional<Long> start(long pid) {
    return read(PROC.resolve(String.valueOf(pid))).map(Entry::start);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  Collection<Entry> all() {
    return entries.values();
  }

  /**
   * The process, all that descend from it, all in its session, and those that were seen as such
   * before and have lost their parents since. In the order of their distance from the root.
   */
  List<Entry> tree(long root, Map<Long, Long> seen) {
    Map<Long, Entry> tree = new LinkedHashMap<>();
    Deque<Entry> open = new ArrayDeque<>();
    Optional.ofNullable(entries.get(root)).ifPresent(open::add);
    for (Entry entry : entries.values()) {
      Long start = seen.get(entry.pid);
      if (entry.session == root || (start != null && start == entry.start)) {
        open.add(entry);
      }
    }
    while (!open.isEmpty()) {
      Entry next = open.removeFirst();
      if (tree.putIfAbsent(next.pid, next) == null) {
        open.addAll(children.getOrDefault(next.pid, List.of()));
      }
    }
    return List.copyOf(tree.values());
  }

  private void add(Entry entry) {
    entries.put(entry.pid, entry);
    children.computeIfAbsent(entry.parent, p -> new ArrayList<>()).add(entry);
  }

  private static Optional<Entry> read(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("stat"));
      String stat = new String(bytes, StandardCharsets.ISO_8859_1);
      // The name, in parentheses, may hold anything: spaces and parentheses too.
      String[] f = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 23);
      if (f.length < 23 || f[0].equals("Z") || f[0].equals("X")) {
        return Optional.empty();
      }
      return Optional.of(
          new Entry(
              Long.parseLong(process.getFileName().toString()),
              Long.parseLong(f[1]),
              Long.parseLong(f[3]),
              Integer.parseInt(f[17]),
              Long.parseLong(f[21]),
              Long.parseLong(f[19])));
    } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException e) {
      return Optional.empty(); // it ended while it was read
    }
  }
}
