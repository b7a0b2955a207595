package dev.drover.agent;

import dev.drover.agent.AgentManifest.Limits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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

  private final ControlGroupLayout layout;

  /** Tells whose groups they are, and those of several runtimes in one server apart. */
  private final String owner =
      PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 8);

  private final AtomicLong ids = new AtomicLong();

  /** Ended, but not yet let go of by the kernel. */
  private final Queue<Path> left = new ConcurrentLinkedQueue<>();

  private ControlGroups(ControlGroupLayout layout) {
    this.layout = layout;
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
    tidy();
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

  /** The kernel lets a group go a moment after its last process. */
  private void leave(Path folder) {
    left.add(folder);
    tidy();
  }

  /** Waits a moment for those that the kernel still holds; the next server finds what is left. */
  @Override
  public void close() {
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
