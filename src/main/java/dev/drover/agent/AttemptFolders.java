package dev.drover.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that have files: bounded in number, since their files are on this host from before
 * they start, and watched, since no kernel limit bounds what a folder holds.
 */
public final class AttemptFolders {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptFolders.class);
  private static final long LOOK_EVERY_MILLIS = 50;

  /** Only each so manieth look goes through processes: it costs much more. */
  private static final int HIDDEN = 8;

  private final Path root;
  private final ExecutorService executor;
  private final Settings settings;
  private final FairQueue<String, Runnable> waiting = new FairQueue<>();
  private final Map<OutFolder, Consumer<String>> watched = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timer;
  private int free;
  private boolean looking;
  private int looks;

  /**
   * How files are dealt with.
   *
   * @param most attempts with files that may be under way at a time
   * @param bytes what no manifest's limit exceeds
   * @param deadline for getting an attempt's files, and for keeping them
   */
  public record Settings(int most, long bytes, Duration deadline) {
    /** What holds where nobody says otherwise. */
    public static final Settings USUAL = new Settings(32, 1L << 30, Duration.ofMinutes(5));
  }

  /**
   * No folder is made before one is needed.
   *
   * @param root where folders are made; nobody else's
   * @param executor where files are read and written: it is blocked by that
   */
  public AttemptFolders(Path root, ExecutorService executor, Settings settings) {
    this.root = root.toAbsolutePath();
    this.executor = executor;
    this.settings = settings;
    this.free = settings.most();
    this.timer = new ScheduledThreadPoolExecutor(1, AttemptFolders::thread);
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** One that uses the system's folder for temporary files, and threads of its own. */
  public static AttemptFolders temporary() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            4, 4, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), AttemptFolders::thread);
    executor.allowCoreThreadTimeOut(true);
    Path root =
        Path.of(System.getProperty("java.io.tmpdir"), "drover-attempts-" + UUID.randomUUID());
    return new AttemptFolders(root, executor, Settings.USUAL);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "attempt-files");
    thread.setDaemon(true);
    return thread;
  }

  /** Deletes what a server that was killed has left there. */
  public void tidy() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root)) {
      left.forEach(AttemptFolder::delete);
    } catch (NoSuchFileException e) {
      return; // there never was one
    }
  }

  AttemptFolder make() throws IOException {
    return AttemptFolder.make(root, UUID.randomUUID().toString());
  }

  AgentManifest.ArtifactLimits bounded(AgentManifest.ArtifactLimits asked) {
    return new AgentManifest.ArtifactLimits(
        Math.min(asked.bytes(), settings.bytes()), asked.files());
  }

  /** Has an attempt begin when there is room for it; shares take turns. */
  void enter(String share, Runnable begin) {
    synchronized (waiting) {
      if (free == 0) {
        waiting.add(share, begin);
        return;
      }
      free--;
    }
    begin.run();
  }

  /** An attempt has ended, and its files are gone. */
  void leave() {
    Runnable next;
    synchronized (waiting) {
      next = waiting.poll().orElse(null);
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }

  /** Does work with files, which is interrupted when it takes too long. */
  void work(Runnable work, Runnable late) {
    FutureTask<?> task = new FutureTask<>(work, null);
    executor.execute(
        () -> {
          ScheduledFuture<?> alarm =
              timer.schedule(
                  () -> interrupt(task, late), settings.deadline().toNanos(), TimeUnit.NANOSECONDS);
          task.run();
          alarm.cancel(false);
        });
  }

  private static void interrupt(FutureTask<?> task, Runnable late) {
    if (!task.isDone()) {
      late.run();
      task.cancel(true);
    }
  }

  Duration deadline() {
    return settings.deadline();
  }

  /** Looks at a folder again and again, and tells once if it holds more than it may. */
  void watch(OutFolder folder, Consumer<String> tooMuch) {
    watched.put(folder, tooMuch);
    synchronized (watched) {
      if (!looking) {
        looking = true;
        look();
      }
    }
  }

  void unwatch(OutFolder folder) {
    watched.remove(folder);
  }

  private void look() {
    var unused = timer.schedule(this::lookNow, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void lookNow() {
    try {
      looks++;
      UnlinkedFiles hidden = looks % HIDDEN == 0 ? UnlinkedFiles.look() : UnlinkedFiles.NONE;
      watched.forEach((folder, tooMuch) -> look(folder, hidden, tooMuch));
    } catch (RuntimeException | Error e) { // else nobody would ever look again
      LOG.atError().setCause(e).log("The folders of files could not be looked at");
    }
    synchronized (watched) {
      looking = !watched.isEmpty();
      if (looking) {
        look();
      }
    }
  }

  private void look(OutFolder folder, UnlinkedFiles hidden, Consumer<String> tooMuch) {
    folder
        .excess()
        .or(() -> folder.excess(hidden))
        .ifPresent(
            excess -> {
              if (watched.remove(folder) != null) {
                tooMuch.accept(excess);
              }
            });
  }
}
