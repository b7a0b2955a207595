package dev.drover.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that everything shares. Runs in flight are bounded elsewhere, so the queues are not.
 *
 * @param tokens where tokens travel and outcomes are told; nothing there may block
 * @param calls where endpoints are called, most of which block their caller
 * @param files where files of attempts are got and kept, which blocks
 */
record Pools(ExecutorService tokens, ExecutorService calls, ExecutorService files)
    implements AutoCloseable {
  private static final int CALLS = 32;
  private static final int FILES = 8;

  static Pools start() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Pools(
        pool("tokens", Math.max(8, 2 * processors)), pool("calls", CALLS), pool("files", FILES));
  }

  static ThreadFactory daemon(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** For what happens at times; a timer that is stopped leaves nothing behind. */
  static ScheduledExecutorService scheduler(String name, int threads) {
    ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(threads, daemon(name));
    scheduler.setRemoveOnCancelPolicy(true);
    return scheduler;
  }

  private static ExecutorService pool(String name, int size) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemon(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public void close() {
    tokens.shutdown();
    calls.shutdown();
    files.shutdown();
  }
}
