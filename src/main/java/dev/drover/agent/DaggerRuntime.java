package dev.drover.agent;

import dev.drover.agent.AgentManifest.Network;
import dev.drover.agent.dagger.DaggerEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each attempt in a container of a Dagger engine: any image, or what a {@code Dockerfile} in
 * the agent's folder builds. Nothing waits for a container; the engine's session is opened at the
 * start and again whenever it is lost.
 */
public final class DaggerRuntime implements AgentRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(DaggerRuntime.class);

  private final RuntimeSettings settings;
  private final DaggerEngine engine;
  private final Egress egress;
  private final Executor executor;
  private final ScheduledExecutorService watch;
  private final FairQueue<String, DaggerAttempt> waiting = new FairQueue<>();
  private final Set<DaggerAttempt> admitted = new HashSet<>();
  private volatile long renewedAt;
  private volatile boolean leashed;
  private boolean closed;

  /** What the containers of the engine can reach: Dagger itself cannot cut a network off. */
  public enum Egress {
    /** Nothing, by the engine's own network: agents without network may run there. */
    DENIED,
    /** Whatever the engine can: only agents that are allowed every host may run there. */
    ALLOWED
  }

  /**
   * Sets the runtime up, and begins to open a session.
   *
   * @param executor where log listeners are called and results completed; attempts do not hold its
   *     threads
   */
  public DaggerRuntime(
      RuntimeSettings settings, DaggerEngine engine, Egress egress, Executor executor) {
    this.settings = settings;
    this.engine = engine;
    this.egress = egress;
    this.executor = executor;
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "dagger-leash");
              thread.setDaemon(true);
              return thread;
            });
    long look = Math.max(50, settings.leash().toMillis() / 20);
    var unused = watch.scheduleWithFixedDelay(this::watchLease, look, look, TimeUnit.MILLISECONDS);
    engine.open();
  }

  @Override
  public String name() {
    return DaggerLaunch.NAME;
  }

  @Override
  public Optional<String> missing(AgentManifest manifest) {
    return new DaggerLaunch(List.of())
        .missing(manifest)
        .or(() -> networkObstacle(manifest))
        .or(() -> engine.obstacle().map(why -> "there is no Dagger session: " + why));
  }

  private Optional<String> networkObstacle(AgentManifest manifest) {
    Network network = manifest.access().network();
    boolean any = network instanceof Network.Any;
    if (network instanceof Network.Hosts) {
      return Optional.of(
          "Dagger can't keep it to a list of hosts; the sandbox runtime can, or write \"network:"
              + " any\" or \"network: none\"");
    } else if (any && egress == Egress.DENIED) {
      return Optional.of(
          "it needs the network (network: any), and drover.dagger.engine-egress says that the"
              + " engine has none");
    } else if (!any && egress == Egress.ALLOWED) {
      return Optional.of(
          "Dagger can't keep it from the network as its manifest asks (network: none). Run the"
              + " engine in a network that lets nothing out and set"
              + " drover.dagger.engine-egress=denied, or write \"network: any\"");
    }
    return Optional.empty();
  }

  @Override
  public RunningAttempt start(AttemptRequest request) {
    Optional<String> obstacle = networkObstacle(request.manifest());
    if (obstacle.isPresent()) {
      return new DeferredAttempt(
          AttemptResult.Failed.early(FailureType.START_FAILED, obstacle.get(), name()));
    }
    DaggerAttempt attempt = new DaggerAttempt(request, this);
    boolean taken;
    synchronized (this) {
      taken = !closed;
      if (taken) {
        waiting.add(attempt.share(), attempt);
      }
    }
    if (taken) {
      admit();
    } else {
      return new DeferredAttempt(
          new AttemptResult.Cancelled("the server is shutting down", name(), Duration.ZERO));
    }
    return attempt;
  }

  /** Lets those begin for whom there is room. */
  private void admit() {
    List<DaggerAttempt> next = new ArrayList<>();
    synchronized (this) {
      while (admitted.size() < settings.maxConcurrent() && !waiting.isEmpty()) {
        DaggerAttempt attempt = waiting.poll().orElseThrow();
        admitted.add(attempt);
        next.add(attempt);
      }
    }
    next.forEach(DaggerAttempt::admit);
  }

  /** Takes an attempt out of those that wait; false if it does not wait. */
  synchronized boolean withdraw(DaggerAttempt attempt) {
    return waiting.remove(attempt.share(), attempt);
  }

  /** It has its result. */
  void ended(DaggerAttempt attempt) {
    synchronized (this) {
      admitted.remove(attempt);
    }
    admit();
  }

  @Override
  public void leaseRenewed(long askedAt) {
    renewedAt = askedAt;
    leashed = true;
  }

  private void watchLease() {
    if (leashed && System.nanoTime() - renewedAt > settings.leash().toNanos()) {
      running().forEach(DaggerRuntime::lapse);
    }
  }

  /** What is thrown must not end the watch, nor keep the others from being told. */
  private static void lapse(DaggerAttempt attempt) {
    try {
      attempt.lapse();
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("An attempt could not be told that its lease has run out");
    }
  }

  private synchronized List<DaggerAttempt> running() {
    return List.copyOf(admitted);
  }

  RuntimeSettings settings() {
    return settings;
  }

  DaggerEngine engine() {
    return engine;
  }

  Executor executor() {
    return executor;
  }

  @Override
  public void close() {
    List<DaggerAttempt> running;
    List<DaggerAttempt> unbegun = new ArrayList<>();
    synchronized (this) {
      closed = true;
      running = List.copyOf(admitted);
      waiting.drainTo(unbegun::add);
    }
    String reason = "the server is shutting down";
    running.forEach(attempt -> attempt.cancel(reason));
    unbegun.forEach(attempt -> attempt.withdrawn(reason));
    watch.shutdownNow();
    engine.close();
  }
}
