package dev.drover.agent;

import dev.drover.egress.HostList;
import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's {@code agent.yaml} says: how the program is started, what goes in and comes out,
 * and what it may use.
 *
 * @param hash SHA-256 of the manifest's text in hexadecimal: another hash is another version
 */
public record AgentManifest(
    AgentName name,
    String description,
    Program program,
    Contract contract,
    Limits limits,
    Access access,
    AgentCost cost,
    Optional<SelfTest> selfTest,
    String hash) {

  /** The agent's folder, absolute. */
  public Path home() {
    return program.home();
  }

  /** What the input must conform to. */
  public JsonSchema input() {
    return contract.input();
  }

  /** What the output must conform to. */
  public JsonSchema output() {
    return contract.output();
  }

  /** How its processes are kept, if they serve more than one attempt each. */
  public Optional<Warm> warm() {
    return program.warm();
  }

  /** Whether an attempt that was interrupted may be tried again. */
  public Effect effect() {
    return contract.effect();
  }

  /** How long an attempt may take for which the caller would give that much, if it said so. */
  public Duration timeout(Optional<Duration> asked) {
    Duration own = limits.timeout();
    return asked.filter(t -> t.compareTo(own) < 0).orElse(own);
  }

  /**
   * What is started; the command's placeholders are still in it.
   *
   * @param warm present: a process serves many attempts, where the runtime can do that
   */
  public record Program(
      Path home, List<String> command, Optional<String> image, Optional<Warm> warm) {
    public Program {
      command = List.copyOf(command);
    }
  }

  /**
   * What the agent promises to those who call it.
   *
   * @param artifacts how much it may leave in files; empty: it leaves none
   */
  public record Contract(
      JsonSchema input, JsonSchema output, Effect effect, Optional<ArtifactLimits> artifacts) {}

  /**
   * What an attempt may leave in its folder for files.
   *
   * @param bytes of all files together
   * @param files and folders, named in the output or not
   */
  public record ArtifactLimits(long bytes, int files) {
    /** What a manifest that says no more than {@code artifacts: {}} gets. */
    public static final ArtifactLimits DEFAULT = new ArtifactLimits(100L << 20, 100);
  }

  /** How much it may leave in files; empty: it leaves none. */
  public Optional<ArtifactLimits> artifacts() {
    return contract.artifacts();
  }

  /**
   * How long a process that serves many attempts is kept.
   *
   * @param attempts after so many it is replaced
   * @param idle after so long without an attempt it is ended
   * @param processes so many of one project at the same time
   */
  public record Warm(int attempts, Duration idle, int processes) {
    /** What a manifest that says no more than {@code warm: true} gets. */
    public static final Warm DEFAULT = new Warm(1_000, Duration.ofMinutes(5), 4);
  }

  /** What running twice would do to the world. */
  public enum Effect {
    /** It only looks. */
    NONE,
    /** Once or twice is the same, given the idempotency key. */
    IDEMPOTENT,
    /** It must not be run twice: an interrupted attempt is left to a person. */
    ONCE
  }

  /**
   * The bounds of an attempt.
   *
   * @param memory bytes that all processes of the attempt may hold together
   * @param cpus what a JVM is told it has, and kept where there are control groups
   * @param pids processes and threads at the same time
   * @param files open files of one process
   * @param tmp bytes that {@code /tmp} takes, and {@code /dev/shm} too
   * @param output bytes of output JSON
   * @param log bytes of log; what is beyond is cut, the agent goes on
   */
  public record Limits(
      Duration timeout,
      long memory,
      double cpus,
      int pids,
      int files,
      long tmp,
      long output,
      long log) {
    /** What a manifest that says nothing gets. */
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofMinutes(5), 512L << 20, 1, 64, 1_024, 256L << 20, 1L << 20, 10L << 20);
  }

  /** What of the host and the network the agent may use. */
  public record Access(Network network, List<Mount> mounts, Map<String, EnvValue> env) {
    public Access {
      mounts = List.copyOf(mounts);
      env = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }
  }

  /** Which network the agent sees. */
  public sealed interface Network {
    /** None at all, not even the host's loopback. */
    record None() implements Network {}

    /** The host's. */
    record Any() implements Network {}

    /** Some hosts, through a proxy. */
    record Hosts(HostList list) implements Network {}
  }

  /**
   * A host path that the input names and that the agent sees elsewhere.
   *
   * @param input the input's field that holds the host path
   * @param as where the agent sees it, absolute
   */
  public record Mount(String input, String as, boolean readOnly) {}

  /** The value of an environment variable. */
  public sealed interface EnvValue {
    /** As it stands in the manifest. */
    record Plain(String text) implements EnvValue {}

    /** Resolved when an attempt starts, and masked wherever it would show. */
    record Secret(String name) implements EnvValue {}
  }

  /**
   * What is run at registration.
   *
   * @param expect what the output must contain
   */
  public record SelfTest(Map<String, Object> input, @Nullable Object expect) {}
}
