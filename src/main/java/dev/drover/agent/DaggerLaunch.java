package dev.drover.agent;

import dev.drover.agent.AgentManifest.EnvValue;
import dev.drover.agent.Preparation.Prepared;
import dev.drover.agent.dagger.ContainerSpec;
import dev.drover.agent.dagger.ContainerSpec.Bounds;
import dev.drover.agent.dagger.ContainerSpec.HostMount;
import dev.drover.agent.dagger.ContainerSpec.HostMount.Kind;
import dev.drover.agent.dagger.ContainerSpec.Program;
import dev.drover.agent.dagger.ContainerSpec.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How one attempt becomes a container; keeps what {@link Preparation} found out about its mounts.
 */
final class DaggerLaunch implements Isolation {
  /** Where the agent finds its folder. */
  static final String HOME = "/agent";

  static final String NAME = "dagger";

  /** Where the libraries of {@code ${agents.classpath}} are. */
  private static final String LIBRARIES = "/drover-agents/";

  /** Nobody in particular, and not root. */
  private static final String USER = "1000:1000";

  private static final String DOCKERFILE = "Dockerfile";
  private static final String CLASSPATH = "${agents.classpath}";

  private final List<Path> classpath;
  private final List<HostMount> mounts = new ArrayList<>();
  private final List<Path> libraries = new ArrayList<>();

  DaggerLaunch(List<Path> classpath) {
    this.classpath = classpath;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing(AgentManifest manifest) {
    return root(manifest).isPresent()
        ? Optional.empty()
        : Optional.of(
            "the dagger runtime needs an image: add \"image: …\" to agent.yaml, such as image:"
                + " eclipse-temurin:17-jre, or put a Dockerfile into the agent's folder");
  }

  private static Optional<Root> root(AgentManifest manifest) {
    Optional<Root> image = manifest.program().image().map(ContainerSpec.Image::new);
    return image.or(
        () ->
            Files.isRegularFile(manifest.home().resolve(DOCKERFILE))
                ? Optional.of(new ContainerSpec.Dockerfile(manifest.home()))
                : Optional.empty());
  }

  @Override
  public Launch launch(AgentManifest manifest, List<BoundMount> bound) {
    mounts.add(new HostMount(manifest.home(), HOME, Kind.READ));
    if (manifest.program().command().stream().anyMatch(word -> word.contains(CLASSPATH))) {
      addLibraries();
    }
    for (BoundMount mount : bound) {
      mounts.add(
          new HostMount(mount.host(), mount.as(), mount.readOnly() ? Kind.READ : Kind.WRITE));
    }
    return new Launch(
        CommandLine.of(manifest, HOME, libraries),
        Path.of("/"),
        "",
        Map.of(),
        dev.drover.agent.Bounds.NONE);
  }

  /** Under their own names, since a jar may name its neighbours. */
  private void addLibraries() {
    Set<String> taken = new HashSet<>();
    for (Path entry : classpath) {
      if (Files.exists(entry)) {
        String name = String.valueOf(entry.getFileName());
        String free = taken.add(name) ? name : taken.size() + "-" + mounts.size() + "-" + name;
        libraries.add(Path.of(LIBRARIES + free));
        mounts.add(new HostMount(entry, LIBRARIES + free, Kind.FIXED));
      }
    }
    for (Path folder : CommandLine.neighbours(classpath)) {
      mounts.add(new HostMount(folder, LIBRARIES + folder.getFileName(), Kind.FIXED));
    }
  }

  @Override
  public String visible(BoundMount mount) {
    return mount.as();
  }

  @Override
  public boolean wraps() {
    return true;
  }

  /** A folder is sent as it is, and written back as it has become. */
  @Override
  public boolean hides() {
    return false;
  }

  @Override
  public void close() {}

  /** The container of an attempt that {@link Preparation} made ready with this. */
  ContainerSpec container(AttemptRequest request, Prepared prepared) throws IOException {
    AgentManifest manifest = request.manifest();
    Map<String, String> env = new LinkedHashMap<>(prepared.env());
    env.remove("PATH"); // the image's own holds
    env.remove("TRACEPARENT"); // the engine gives a program its place in the trace
    Map<String, String> secrets = new LinkedHashMap<>();
    manifest
        .access()
        .env()
        .forEach(
            (name, value) -> {
              if (value instanceof EnvValue.Secret && env.containsKey(name)) {
                secrets.put(name, env.remove(name));
              }
            });
    AgentManifest.Limits limits = manifest.limits();
    return new ContainerSpec(
        root(manifest).orElseThrow(),
        mounts,
        env,
        secrets,
        new Program(
            prepared.launch().command(),
            Files.readString(prepared.input().orElseThrow()),
            Optional.of(USER),
            Optional.of(HOME)),
        // Address space that is reserved but never touched counts, so the bound is a loose one.
        new Bounds(
            request.timeout(), limits.output(), limits.log(), limits.memory() * 2 + (512L << 20)));
  }
}
