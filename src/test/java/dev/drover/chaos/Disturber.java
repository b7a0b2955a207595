package dev.drover.chaos;

import dev.drover.chaos.Fault.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does something bad every few seconds: from a shuffled deck, so that each kind comes early, and
 * the cheap ones often. What can't be done at the moment is put back, and an agent killed instead.
 */
final class Disturber {
  private static final Map<Kind, Integer> DECK =
      Map.of(
          Kind.KILL_REPLICA, 3,
          Kind.KILL_STARTING, 1,
          Kind.PAUSE_SHORT, 1,
          Kind.PAUSE_LONG, 1,
          Kind.STOP_REPLICA, 1,
          Kind.RESTART_DATABASE, 2,
          Kind.STOP_DATABASE, 1,
          Kind.KILL_AGENT, 6);
  private static final long LEAST_MILLIS = 900;
  private static final int SPREAD_MILLIS = 2_200;

  private final List<Replica> replicas;
  private final PostgresProcess database;
  private final ScheduledExecutorService timer;
  private final ChaosSettings settings;
  private final Random random;
  private final Deque<Kind> deck = new ArrayDeque<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Set<String> killedKeys = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread = new Thread(this::disturb, "disturber");
  private volatile boolean databaseAway;
  private volatile Optional<Throwable> failure = Optional.empty();

  Disturber(
      List<Replica> replicas,
      PostgresProcess database,
      ScheduledExecutorService timer,
      ChaosSettings settings) {
    this.replicas = replicas;
    this.database = database;
    this.timer = timer;
    this.settings = settings;
    this.random = new Random(settings.seed());
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends the disturbing and repairs what it left broken. */
  void end() throws InterruptedException {
    ending.countDown();
    thread.join();
    if (databaseAway) {
      comeBack();
    }
    replicas.forEach(Replica::resume);
  }

  List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** The idempotency keys whose agent was killed. */
  Set<String> killedKeys() {
    return Set.copyOf(killedKeys);
  }

  /** Why the disturbing ended by itself, if it did. */
  Optional<Throwable> failure() {
    return failure;
  }

  private void disturb() {
    try {
      long pause = LEAST_MILLIS;
      while (!ending.await(pause, TimeUnit.MILLISECONDS)) {
        Kind next = draw();
        if (!isDone(next)) {
          putBack(next);
          killAgent();
        }
        pause = LEAST_MILLIS + random.nextInt(SPREAD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = Optional.of(e);
    }
  }

  /** Each kind once, in any order, then by their numbers. */
  private Kind draw() {
    if (deck.isEmpty()) {
      List<Kind> cards = new ArrayList<>(Arrays.asList(Kind.values()));
      if (!faults.isEmpty()) {
        cards.clear();
        DECK.forEach((kind, count) -> cards.addAll(Collections.nCopies(count, kind)));
        Collections.sort(cards); // the order of a Map.of changes from JVM to JVM
      }
      Collections.shuffle(cards, random);
      deck.addAll(cards);
    }
    return deck.remove();
  }

  private void putBack(Kind kind) {
    if (!deck.isEmpty()) { // else nothing would be done until it can be
      deck.addLast(kind);
    }
  }

  private boolean isDone(Kind kind) {
    return switch (kind) {
      case KILL_REPLICA -> onReplica(kind, true, Replica::kill);
      case KILL_STARTING -> onReplica(kind, false, Replica::kill);
      case STOP_REPLICA -> onReplica(kind, true, Replica::terminate);
      case PAUSE_SHORT -> onReplica(kind, true, replica -> pause(replica, 3_000));
      case PAUSE_LONG -> onReplica(kind, true, replica -> pause(replica, longPause()));
      case RESTART_DATABASE -> restartDatabase();
      case STOP_DATABASE -> stopDatabase();
      case KILL_AGENT -> killAgent();
    };
  }

  private boolean onReplica(Kind kind, boolean ready, java.util.function.Consumer<Replica> what) {
    List<Replica> fit =
        replicas.stream().filter(r -> r.isReady() == ready && !r.isPaused()).toList();
    if (fit.isEmpty()) {
      return false;
    }
    Replica replica = fit.get(random.nextInt(fit.size()));
    note(kind, replica.name());
    what.accept(replica);
    return true;
  }

  private void pause(Replica replica, int millis) {
    replica.pause();
    var unused = timer.schedule(replica::resume, millis, TimeUnit.MILLISECONDS);
  }

  /** Mostly until the moment at which others take its runs up: nothing is more delicate. */
  private int longPause() {
    return random.nextInt(3) == 0 ? 15_000 : 9_500 + random.nextInt(2_500);
  }

  private boolean restartDatabase() {
    if (databaseAway) {
      return false;
    }
    note(Kind.RESTART_DATABASE, "postgres");
    database.restartAtOnce();
    return true;
  }

  private boolean stopDatabase() {
    if (databaseAway) {
      return false;
    }
    Duration away = Duration.ofSeconds(settings.isLong() ? 20 : 5);
    note(Kind.STOP_DATABASE, away.toSeconds() + " s");
    databaseAway = true;
    database.stopAtOnce();
    var unused = timer.schedule(this::comeBack, away.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }

  private synchronized void comeBack() {
    if (databaseAway) {
      database.start();
      databaseAway = false;
    }
  }

  private boolean killAgent() {
    List<AgentProcess> agents = new ArrayList<>();
    replicas.forEach(replica -> agents.addAll(AgentProcess.below(replica.handle())));
    if (agents.isEmpty()) {
      return false;
    }
    AgentProcess agent = agents.get(random.nextInt(agents.size()));
    killedKeys.add(agent.key());
    note(Kind.KILL_AGENT, agent.key());
    agent.process().destroyForcibly();
    return true;
  }

  private void note(Kind kind, String target) {
    faults.add(new Fault(Instant.now(), kind, target));
  }
}
