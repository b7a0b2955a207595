package dev.drover.route;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Executes where it is called. Camel hands a multicast's branches to an executor so that none waits
 * for the end of another; as nothing in our routes blocks, they need no thread of their own for
 * that, and to wake one costs more than most nodes take.
 */
final class SameThread extends AbstractExecutorService {
  private volatile boolean isShutdown;

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void shutdown() {
    isShutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    isShutdown = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return isShutdown;
  }

  @Override
  public boolean isTerminated() {
    return isShutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isShutdown;
  }
}
