package dev.drover.agent;

import dev.drover.agent.Availability.Testing;
import dev.drover.agent.Availability.Unavailable;
import dev.drover.name.AgentName;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import dev.drover.yaml.Suggestion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The agents that are registered, and the door to running them. Registration tests each agent in
 * the runtime that will run it, so that what cannot work here is known before it is needed.
 */
public final class Agents {
  private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
  private static final Path WORKING_DIRECTORY = Path.of("").toAbsolutePath();

  private final AgentRuntime runtime;
  private final Executor executor;
  private final Starter starter;
  private final SelfTester tester;
  private final Retests retests = new Retests();
  private final Map<AgentName, Registered> registered = new ConcurrentSkipListMap<>();
  private final Map<Path, List<Problem>> broken = new ConcurrentHashMap<>();

  /**
   * An agent and the end of its present test.
   *
   * @param found by the test before, of the same content; Testing: there was none
   */
  private record Registered(
      AgentStatus status, CompletableFuture<Availability> tested, Availability found) {
    AgentManifest manifest() {
      return status.manifest();
    }
  }

  /**
   * An empty registry.
   *
   * @param executor where self-tests are begun and calls that waited for one go on
   */
  public Agents(AgentRuntime runtime, Executor executor, AttemptFolders folders) {
    this.runtime = runtime;
    this.executor = executor;
    this.starter = new Starter(runtime, folders, executor);
    this.tester = new SelfTester(runtime, starter, executor);
  }

  /**
   * An empty registry whose attempts have their files in the system's folder for temporary ones.
   */
  public Agents(AgentRuntime runtime, Executor executor) {
    this(runtime, executor, AttemptFolders.temporary());
  }

  /** The name of the runtime that runs the agents. */
  public String runtime() {
    return runtime.name();
  }

  /**
   * Registers the agent of a folder, or registers it anew after a change, and begins its self-test.
   * If the manifest has problems, the one that was in force stays in force.
   */
  public synchronized Registration register(Path agentDir) {
    Path home = agentDir.toAbsolutePath().normalize();
    ManifestReader.Result read = ManifestReader.read(home);
    AgentManifest manifest = read.manifest().orElse(null);
    if (manifest == null) {
      return refuse(home, read.problems());
    }
    Registered same = registered.get(manifest.name());
    if (same != null && !same.manifest().home().equals(home)) {
      String message = "the name \"" + manifest.name() + "\" is taken by " + same.manifest().home();
      return refuse(
          home,
          List.of(
              new Problem(
                  home.getFileName() + "/agent.yaml", Position.START, "name", message, null)));
    }
    broken.remove(home);
    runtime.forget(home); // its files may have changed, also where the manifest has not
    // The folder's agent may have had another name until now.
    registered
        .entrySet()
        .removeIf(
            e ->
                e.getValue().manifest().home().equals(home) && !e.getKey().equals(manifest.name()));
    return new Registration(List.of(), test(manifest, same));
  }

  private Registration refuse(Path home, List<Problem> problems) {
    broken.put(home, problems);
    registered.replaceAll(
        (name, r) ->
            r.manifest().home().equals(home)
                ? new Registered(
                    new AgentStatus(r.manifest(), r.status().availability(), problems),
                    r.tested(),
                    r.found())
                : r);
    return new Registration(
        problems, CompletableFuture.completedFuture(new Unavailable(Problem.lines(problems))));
  }

  /** Forgets the agent of a folder; attempts that run go on. False if there was none. */
  public synchronized boolean unregister(Path agentDir) {
    Path home = agentDir.toAbsolutePath().normalize();
    boolean wasBroken = broken.remove(home) != null;
    runtime.forget(home);
    return registered.values().removeIf(r -> r.manifest().home().equals(home)) || wasBroken;
  }

  /** Every registered agent, by name. */
  public List<AgentStatus> all() {
    return registered.values().stream().map(Registered::status).toList();
  }

  /** The agent, if it is registered. */
  public Optional<AgentStatus> find(AgentName name) {
    return Optional.ofNullable(registered.get(name)).map(Registered::status);
  }

  /** The folders whose manifest could not be taken, with its problems. */
  public Map<Path, List<Problem>> broken() {
    return new TreeMap<>(broken);
  }

  /**
   * Tests a registered agent again.
   *
   * @throws NoSuchElementException if there is no such agent
   */
  public synchronized CompletableFuture<Availability> selfTest(AgentName name) {
    Registered agent = registered.get(name);
    if (agent == null) {
      throw new NoSuchElementException("no agent is called \"" + name + "\"");
    }
    return test(agent.manifest(), agent);
  }

  /**
   * Tests those again that can't run here, some time after their last test. Until it is known
   * better nobody waits for them.
   */
  public synchronized void retest(Instant now) {
    for (AgentName name : retests.due(all(), now)) {
      Registered agent = registered.get(name);
      if (agent != null && agent.tested().isDone()) {
        CompletableFuture<Availability> tested = new CompletableFuture<>();
        registered.put(name, new Registered(agent.status(), tested, agent.found()));
        var unused = test(agent.manifest(), tested);
      }
    }
  }

  /** A version that has proved itself stays available while it is tested again. */
  private CompletableFuture<Availability> test(
      AgentManifest manifest, @Nullable Registered before) {
    Availability found =
        before != null && before.manifest().hash().equals(manifest.hash())
            ? before.found()
            : new Testing();
    CompletableFuture<Availability> tested = new CompletableFuture<>();
    Availability now = found instanceof Availability.Available ? found : new Testing();
    AgentStatus status = new AgentStatus(manifest, now, List.of());
    registered.put(manifest.name(), new Registered(status, tested, found));
    return test(manifest, tested);
  }

  private CompletableFuture<Availability> test(
      AgentManifest manifest, CompletableFuture<Availability> tested) {
    return tester
        .test(manifest)
        .thenApply(
            availability -> {
              settle(manifest.name(), tested, availability);
              tested.complete(availability);
              return availability;
            });
  }

  private synchronized void settle(
      AgentName name, CompletableFuture<Availability> tested, Availability found) {
    Registered agent = registered.get(name);
    boolean news = true;
    if (agent != null && agent.tested() == tested) { // else it has been registered anew since
      AgentStatus status = new AgentStatus(agent.manifest(), found, agent.status().problems());
      registered.put(name, new Registered(status, tested, found));
      news = !agent.found().equals(found);
    }
    LOG.atLevel(news ? Level.INFO : Level.DEBUG)
        .addKeyValue("agent", name)
        .addKeyValue("runtime", runtime.name())
        .addKeyValue("availability", found.describe())
        .log("Agent tested");
  }

  /**
   * Runs an agent once. An agent whose self-test is still running is waited for.
   *
   * @return at once; every fault, an unknown agent too, is told by the result
   */
  public RunningAttempt run(AgentCall call) {
    Registered agent = registered.get(call.agent());
    if (agent == null) {
      String hint =
          Suggestion.didYouMean(
                  call.agent().value(), registered.keySet().stream().map(AgentName::value).toList())
              .map(h -> "; " + h)
              .orElse("");
      return failed(
          FailureType.AGENT_UNKNOWN, "no agent is called \"" + call.agent() + "\"" + hint);
    }
    Availability availability = agent.status().availability();
    if (availability instanceof Testing) {
      return new DeferredAttempt(
          agent.tested().thenApplyAsync(a -> run(call, agent.manifest(), a), executor), runtime());
    }
    return run(call, agent.manifest(), availability);
  }

  private RunningAttempt run(AgentCall call, AgentManifest manifest, Availability availability) {
    if (availability instanceof Unavailable unavailable) {
      return failed(FailureType.AGENT_UNAVAILABLE, unavailable.reason());
    }
    List<String> faults = manifest.input().validate(Starter.shown(manifest, call.input()));
    if (!faults.isEmpty()) {
      return failed(
          FailureType.INPUT_INVALID,
          "the input breaks the agent's schema: " + String.join("; ", faults));
    }
    Duration timeout = manifest.timeout(call.timeout());
    return starter.start(
        new AttemptRequest(
            manifest, call.input(), WORKING_DIRECTORY, timeout, call.identity(), call.log()),
        call.files());
  }

  private RunningAttempt failed(FailureType type, String message) {
    return new DeferredAttempt(AttemptResult.Failed.early(type, message, runtime.name()));
  }
}
