package dev.drover.agent.dagger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that is to run one program to its end.
 *
 * @param mounts what of this host it gets, as copies
 * @param env plain variables
 * @param secrets variables whose values are secrets to Dagger too
 */
public record ContainerSpec(
    Root root,
    List<HostMount> mounts,
    Map<String, String> env,
    Map<String, String> secrets,
    Program program,
    Bounds bounds) {
  public ContainerSpec {
    mounts = List.copyOf(mounts);
    env = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(env));
    secrets = Map.copyOf(secrets);
  }

  /** Without the values of secrets, nor what may hold them. */
  @Override
  public String toString() {
    return "ContainerSpec[" + root + ", secrets=" + secrets.keySet() + "]";
  }

  /** What its file system begins as. */
  public sealed interface Root {}

  /** An image of a registry. */
  public record Image(String address) implements Root {}

  /** What the {@code Dockerfile} in a folder of this host builds. */
  public record Dockerfile(Path folder) implements Root {}

  /**
   * A file or folder of this host.
   *
   * @param as where the program finds it
   */
  public record HostMount(Path host, String as, Kind kind) {
    /** What becomes of it. */
    public enum Kind {
      /** Never changes while this server lives: it is sent once a session. */
      FIXED,
      /** A copy; what is written to it is lost. */
      READ,
      /** A copy that replaces the original when the program has ended with exit code 0. */
      WRITE
    }
  }

  /**
   * What is run.
   *
   * @param user such as {@code 1000:1000}; empty: the image's own
   * @param workdir empty: the image's own
   */
  public record Program(
      List<String> args, String stdin, Optional<String> user, Optional<String> workdir) {
    public Program {
      args = List.copyOf(args);
    }
  }

  /**
   * Where it ends.
   *
   * @param timeout of the program; pulling, building and sending files does not count
   * @param output bytes of stdout
   * @param log bytes of stderr that are of interest
   * @param memory bytes of private memory that each process may have; 0: as many as there are
   */
  public record Bounds(Duration timeout, long output, long log, long memory) {}
}
