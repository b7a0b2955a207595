package dev.drover.agent;

import dev.drover.agent.AgentManifest.Limits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's control groups below the server's own: one for each attempt, so that its memory, its
 * processes and its processor time are bounded together and at every moment.
 */
final class ControlGroups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);
  private static final String PREFIX = "drover-";

  private static final long CLOSING = TimeUnit.SECONDS.toNanos(1);
  private static final long REMOVE_AFTER_MILLIS = 20;
  private static final long KNOCK_EVERY_MILLIS = 6;
  private static final long KEEP_READY = TimeUnit.MILLISECONDS.toNanos(100);

  private final ControlGroupLayout layout;

  /** Tells whose groups they are, and those of several runtimes in one server apart. */
  private final String owner =
      PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 8);

  private final AtomicLong ids = new AtomicLong();

  /** Ended, but not yet let go of by the kernel. */
  private final Queue<Path> left = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean knocking = new AtomicBoolean();
  private volatile long knockUntil;

  /** Does what takes milliseconds, for which no attempt is to wait. */
  private final ScheduledThreadPoolExecutor housekeeper =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread thread = new Thread(work, "control-groups");
            thread.setDaemon(true);
            return thread;
          });

  private ControlGroups(ControlGroupLayout layout) {
    this.layout = layout;
    housekeeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** What {@link #find} gives: the groups, or why there are none. */
  record Finding(Optional<ControlGroups> usable, String reason) {}

  /** Looks for groups that the server may divide, and really tries one. */
  static Finding find() {
    try {
      ControlGroupLayout layout = ControlGroupLayout.of(Path.of("/proc/self"));
      ControlGroups groups = new ControlGroups(layout);
      groups.removeThoseOfDeadServers();
      ControlGroup probe = groups.open(Limits.DEFAULT, 0);
      try {
        probe.enter();
      } finally {
        probe.remove();
      }
      return new Finding(Optional.of(groups), layout.version());
    } catch (ControlGroupLayout.Unusable e) {
      return new Finding(Optional.empty(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Finding(Optional.empty(), "the server may not make groups below its own: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(Optional.empty(), "interrupted while a group was tried");
    }
  }

  /** {@code v1} or {@code v2}. */
  String version() {
    return layout.version();
  }

  /** Whether the groups stand behind the server where processors are short. */
  boolean ranks() {
    return layout.hasCpu();
  }

  /**
   * Makes a group.
   *
   * @param extra processes that are not the agent's but live in it
   */
  ControlGroup open(Limits limits, int extra) throws IOException {
    knock();
    String name = owner + "-" + ids.incrementAndGet();
    List<Path> folders = new ArrayList<>();
    try {
      for (Path base : layout.bases()) {
        folders.add(Files.createDirectory(base.resolve(name)));
      }
      ControlGroup group = new ControlGroup(layout, folders, limits, this::leave);
      group.limit(extra);
      return group;
    } catch (IOException e) {
      folders.forEach(this::leave);
      throw e;
    }
  }

  /**
   * The first process that enters any group after a pause of some ten milliseconds waits about as
   * long, until all processors have noticed (an RCU grace period of the kernel's {@code
   * cgroup_threadgroup_rwsem}). The server enters the group that it is in already, which changes
   * nothing: so the wait goes by while the attempt is made ready, and the next ones have none.
   */
  private void knock() {
    knockUntil = System.nanoTime() + KEEP_READY;
    if (!knocking.getAndSet(true)) {
      later(this::knockNow, 0);
    }
  }

  private void knockNow() {
    try {
      Files.writeString(layout.ownDoor(), "0", StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("The kernel was not asked to get ready for a group");
      knockUntil = System.nanoTime();
    }
    if (System.nanoTime() < knockUntil) {
      later(this::knockNow, KNOCK_EVERY_MILLIS);
    } else {
      knocking.set(false);
    }
  }

  private void later(Runnable work, long millis) {
    try {
      var unused = housekeeper.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      tidy(); // closing
    }
  }

  /** The kernel lets a group go a moment after its last process. */
  private void leave(Path folder) {
    left.add(folder);
    removeSoon();
  }

  private void removeSoon() {
    later(
        () -> {
          tidy();
          if (!left.isEmpty()) {
            removeSoon();
          }
        },
        REMOVE_AFTER_MILLIS);
  }

  /** Waits a moment for those that the kernel still holds; the next server finds what is left. */
  @Override
  public void close() {
    housekeeper.shutdownNow();
    long end = System.nanoTime() + CLOSING;
    for (tidy(); !left.isEmpty() && System.nanoTime() < end; tidy()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private void tidy() {
    for (int i = left.size(); i > 0; i--) {
      Path folder = left.poll();
      if (folder != null && !isRemoved(folder)) {
        left.add(folder);
      }
    }
  }

  private static boolean isRemoved(Path folder) {
    try {
      Files.deleteIfExists(folder);
      return true;
    } catch (IOException e) {
      return false; // something is in it still; it is tried again
    }
  }

  private void removeThoseOfDeadServers() throws IOException {
    for (Path base : layout.bases()) {
      try (DirectoryStream<Path> groups = Files.newDirectoryStream(base, PREFIX + "*-*")) {
        for (Path group : groups) {
          String owner = group.getFileName().toString().split("-", -1)[1];
          boolean dead =
              owner.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(owner)).isEmpty();
          if (dead && isRemoved(group)) {
            LOG.atDebug().addKeyValue("group", group).log("A dead server's group was removed");
          }
        }
      }
    }
  }
}
