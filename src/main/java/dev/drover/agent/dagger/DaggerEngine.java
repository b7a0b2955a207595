package dev.drover.agent.dagger;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Runs containers in a Dagger engine. It speaks the session protocol that every Dagger SDK speaks;
 * the Java SDK itself is in no public repository. A session is opened when it is first needed.
 */
public final class DaggerEngine implements AutoCloseable {
  private final Sessions sessions;
  private final ScheduledThreadPoolExecutor timer;

  /** Nothing is started yet. */
  public DaggerEngine(SessionSettings settings) {
    sessions = new Sessions(settings);
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "dagger-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true); // limits are long, and most runs are short
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Opens a session, so that the first container need not wait for it. */
  public void open() {
    CompletableFuture<Session> unused = sessions.current();
  }

  /** The engine's version; completes exceptionally with the reason if there is no session. */
  public CompletableFuture<String> version() {
    return sessions
        .current()
        .thenCompose(Session::version)
        .thenApply(
            version ->
                version.orElseThrow(() -> new NoSession("the engine does not answer", true)));
  }

  /** Why there is no session, if a try to open one has just failed; else one is opened. */
  public Optional<String> obstacle() {
    return sessions.obstacle();
  }

  /**
   * Runs a container; returns at once.
   *
   * @param traceparent W3C trace context that the engine's spans are to join; one that is not valid
   *     is replaced by a new trace
   */
  public RunningContainer run(
      ContainerSpec spec, Optional<String> traceparent, ContainerListener listener) {
    ContainerRun run =
        new ContainerRun(sessions, timer, spec, traceparent.flatMap(Trace::of), listener);
    run.start();
    return run;
  }

  /** Ends the session, and with it all that runs in it. */
  @Override
  public void close() {
    sessions.close();
    timer.shutdownNow();
  }
}
