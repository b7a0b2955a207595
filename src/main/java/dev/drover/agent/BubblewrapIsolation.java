package dev.drover.agent;

import dev.drover.agent.AgentManifest.Network;
import dev.drover.egress.Door;
import dev.drover.egress.HostList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sandbox made of Linux namespaces by bubblewrap: the system read-only and without its
 * configuration, no other process, no network unless asked for, nobody's rights.
 */
final class BubblewrapIsolation implements Isolation {
  /** Where the agent finds its folder. */
  static final String HOME = "/agent";

  /** The two of bubblewrap. */
  private static final int OWN_PROCESSES = 2;

  private final Bubblewrap bubblewrap;
  private final Optional<SeccompFiles> filters;
  private final Optional<ControlGroups> groups;
  private final WayOut wayOut = new WayOut();
  private final RuntimeSettings settings;
  private final List<Path> classpath;

  /** What the jars on the class path name in their own manifests. */
  private final List<Path> libraries;

  private final Path javaHome = Path.of(System.getProperty("java.home")).normalize();
  private final ResourceLimits limits = new ResourceLimits();
  private final Optional<Path> setsid = CommandLine.onPath("setsid");
  private final SystemFiles system = new SystemFiles();
  private final List<Path> searchPath;

  /** What the host offers of a sandbox beside bubblewrap itself. */
  record Equipment(
      Bubblewrap bubblewrap, Optional<SeccompFiles> filters, Optional<ControlGroups> groups) {}

  BubblewrapIsolation(Equipment equipment, RuntimeSettings settings) {
    this.settings = settings;
    this.bubblewrap = equipment.bubblewrap();
    this.filters = equipment.filters();
    this.groups = equipment.groups();
    this.classpath = settings.classpath().stream().filter(Files::exists).toList();
    this.libraries = CommandLine.neighbours(this.classpath);
    this.searchPath =
        Stream.of(
                javaHome + "/bin",
                "/usr/local/bin",
                "/usr/bin",
                "/bin",
                "/usr/local/sbin",
                "/usr/sbin",
                "/sbin")
            .map(Path::of)
            .toList();
  }

  @Override
  public String name() {
    return "sandbox";
  }

  @Override
  public Optional<String> missing(AgentManifest manifest) {
    String program = words(manifest).get(0);
    String onHost =
        program.startsWith(HOME + "/")
            ? manifest.home() + program.substring(HOME.length())
            : program;
    Path home = realOr(manifest.home());
    List<Path> shown = new ArrayList<>(classpath);
    shown.addAll(List.of(Path.of("/usr"), realOr(javaHome), home));
    Stream.of("/bin", "/sbin", "/lib", "/lib64").map(Path::of).forEach(shown::add);
    Optional<String> noWay = wayOut.missing(manifest);
    if (noWay.isPresent()) {
      return noWay;
    }
    return CommandLine.fault(
        onHost, home, searchPath, real -> shown.stream().anyMatch(real::startsWith));
  }

  @Override
  public Launch launch(AgentManifest manifest, List<BoundMount> mounts) throws IOException {
    Network network = manifest.access().network();
    Optional<HostList> hosts =
        network instanceof Network.Hosts h ? Optional.of(h.list()) : Optional.empty();
    // A terminal's Ctrl-C goes to every process of the server's session: the agent is not to hear
    // it.
    List<String> command = new ArrayList<>();
    setsid.ifPresent(s -> command.add(s.toString()));
    if (!groups.map(ControlGroups::ranks).orElse(false)) {
      command.addAll(limits.behind());
    }
    Optional<Path> filter = Optional.empty();
    if (filters.isPresent()) {
      filter = Optional.of(filters.get().filter(network instanceof Network.Any));
    }
    SandboxBounds bounds = bounds(manifest, hosts);
    command.addAll(
        Launcher.of(
            limits.words(manifest),
            filter,
            bounds.group().map(ControlGroup::doors).orElse(List.of()),
            sandbox(manifest, mounts, bounds.door())));
    String path = String.join(":", searchPath.stream().map(Path::toString).toList());
    return new Launch(command, Path.of("/"), path, hosts.map(WayOut::env).orElse(Map.of()), bounds);
  }

  private SandboxBounds bounds(AgentManifest manifest, Optional<HostList> hosts)
      throws IOException {
    Optional<ControlGroup> group = Optional.empty();
    if (groups.isPresent()) {
      int own = OWN_PROCESSES + (hosts.isPresent() ? 1 : 0);
      group = Optional.of(groups.get().open(manifest.limits(), own));
    }
    try {
      Optional<Door> door =
          hosts.isPresent() ? Optional.of(wayOut.open(manifest, hosts.get())) : Optional.empty();
      return new SandboxBounds(group, door);
    } catch (IOException | RuntimeException e) {
      group.ifPresent(ControlGroup::remove);
      throw e;
    }
  }

  private List<String> sandbox(
      AgentManifest manifest, List<BoundMount> mounts, Optional<Door> door) {
    List<String> command = new ArrayList<>(bubblewrap.command());
    if (filters.isPresent()) {
      command.addAll(List.of("--seccomp", Launcher.FILTER));
    }
    boolean network = manifest.access().network() instanceof Network.Any;
    if (network) {
      command.add("--share-net");
    }
    command.addAll(system.shown(network));
    // Files in memory are memory: what the agent can write to is bounded, too.
    tmpfs(command, "/dev/shm", manifest.limits().tmp());
    command.addAll(List.of("--remount-ro", "/dev"));
    tmpfs(command, "/tmp", manifest.limits().tmp());
    if (!javaHome.startsWith("/usr")) {
      SystemFiles.bind(command, javaHome, javaHome.toString());
    }
    classpath.forEach(path -> SystemFiles.bind(command, path, path.toString()));
    libraries.forEach(path -> SystemFiles.bind(command, path, path.toString()));
    SystemFiles.bind(command, manifest.home(), HOME);
    mounts.forEach(mount -> show(command, mount));
    door.ifPresent(d -> command.addAll(wayOut.mount(d)));
    command.addAll(List.of("--remount-ro", "/", "--chdir", HOME, "--"));
    if (groups.isEmpty()) {
      command.addAll(limits.inside(manifest.limits()));
    }
    door.ifPresent(d -> command.addAll(wayOut.forwarding()));
    command.addAll(words(manifest));
    return command;
  }

  @Override
  public String visible(BoundMount mount) {
    return mount.as();
  }

  @Override
  public boolean wraps() {
    return true;
  }

  @Override
  public void close() {
    wayOut.close();
    filters.ifPresent(SeccompFiles::close);
    groups.ifPresent(ControlGroups::close);
  }

  private List<String> words(AgentManifest manifest) {
    List<String> jvmFlags =
        manifest.access().network() instanceof Network.Hosts hosts
            ? WayOut.jvmFlags(hosts.list())
            : List.of();
    return CommandLine.of(manifest, HOME, classpath, jvmFlags);
  }

  /** Shows a mount, with something empty over what is the server's own in it. */
  private void show(List<String> command, BoundMount mount) {
    command.add(mount.readOnly() ? "--ro-bind" : "--bind");
    command.addAll(List.of(mount.host().toString(), mount.as()));
    for (Path hidden : settings.hiddenNow()) {
      if (hidden.startsWith(mount.host())) {
        String at = mount.as() + "/" + mount.host().relativize(hidden);
        tmpfs(command, at, 4_096);
        command.addAll(List.of("--remount-ro", at));
      }
    }
  }

  private void tmpfs(List<String> command, String at, long size) {
    if (bubblewrap.sizesTmpfs()) {
      command.addAll(List.of("--size", String.valueOf(size)));
    }
    command.addAll(List.of("--tmpfs", at));
  }

  private static Path realOr(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }
}
