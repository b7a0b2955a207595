package dev.drover.agent;

import dev.drover.agent.ProcessTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keeps the bounds of whole trees of processes, memory and number: where there are control groups
 * it asks whether the kernel had to, elsewhere it counts. It looks twenty times a second, and where
 * a look is dear a little more rarely.
 */
final class ResourceWatch {
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(150);

  /** Who is not an attempt's process never becomes one, but its number may be given anew. */
  private static final long STRANGERS = TimeUnit.SECONDS.toNanos(1);

  private final long pageSize = pageSize();
  private final Set<Long> strangers = new HashSet<>();
  private long forgetStrangers;
  private long next;

  /** Whether it is time to look again. */
  boolean isDue(long now) {
    return now >= next;
  }

  /** Stops those that hold more than they may. */
  void look(long now, List<? extends Supervised> attempts) {
    if (attempts.stream().allMatch(a -> a.live() == null)) {
      return;
    }
    if (now > forgetStrangers) {
      strangers.clear();
      forgetStrangers = now + STRANGERS;
    }
    attempts.forEach(ResourceWatch::ask);
    List<Supervised> uncounted =
        attempts.stream().<Supervised>map(a -> a).filter(ResourceWatch::isUncounted).toList();
    if (!uncounted.isEmpty()) {
      count(uncounted);
    }
    long cost = System.nanoTime() - now;
    next = now + Math.min(LONGEST, Math.max(INTERVAL, cost * 20));
  }

  /** Where the kernel keeps the bounds it has to be asked only whether it had to. */
  private static void ask(Supervised attempt) {
    LiveProcess live = attempt.live();
    if (live != null && !attempt.hasEnded()) {
      live.bounds().breach().ifPresent(b -> attempt.stop(b.type(), b.message()));
    }
  }

  private static boolean isUncounted(Supervised attempt) {
    LiveProcess live = attempt.live();
    return live != null && !live.bounds().counts();
  }

  private void count(List<Supervised> attempts) {
    ProcessTable table = ProcessTable.scan(strangers);
    attempts.forEach(attempt -> check(attempt, table));
    List<ProcessTree> trees =
        attempts.stream()
            .flatMap(a -> Optional.ofNullable(a.live()).stream())
            .map(LiveProcess::tree)
            .toList();
    table.all().stream()
        .map(Entry::pid)
        .filter(pid -> trees.stream().noneMatch(tree -> tree.knows(pid)))
        .forEach(strangers::add);
  }

  private void check(Supervised attempt, ProcessTable table) {
    LiveProcess live = attempt.live();
    if (live == null || attempt.hasEnded()) {
      return;
    }
    List<Entry> members = live.tree().members(table);
    AgentManifest.Limits limits = attempt.limits();
    int tasks = members.stream().mapToInt(Entry::threads).sum() - live.bounds().extra();
    if (tasks > limits.pids()) {
      String message = "had %d processes and threads; resources.pids allows %d";
      attempt.stop(FailureType.PIDS, message.formatted(tasks, limits.pids()));
      return;
    }
    long memory = members.stream().mapToLong(Entry::resident).sum() * pageSize;
    if (memory > limits.memory()) {
      // Pages that several processes share were counted for each; only now is exactness worth it.
      long exact = members.stream().mapToLong(e -> memory(e)).sum();
      if (exact > limits.memory()) {
        String message = "held %s of memory; resources.memory allows %s";
        attempt.stop(
            FailureType.MEMORY,
            message.formatted(ByteSize.print(exact), ByteSize.print(limits.memory())));
      }
    }
  }

  private long memory(Entry entry) {
    return entry.proportional().orElse(entry.resident() * pageSize);
  }

  private static long pageSize() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
      return lines
          .filter(line -> line.startsWith("KernelPageSize:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(4096);
    } catch (IOException e) {
      return 4096; // no Linux, so nothing is measured either
    }
  }
}
