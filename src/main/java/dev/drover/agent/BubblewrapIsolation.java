package dev.drover.agent;

import dev.drover.agent.AgentManifest.Network;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sandbox made of Linux namespaces by bubblewrap: the system read-only and without its
 * configuration, no other process, no network unless asked for, nobody's rights.
 */
final class BubblewrapIsolation implements Isolation {
  private static final Logger LOG = LoggerFactory.getLogger(BubblewrapIsolation.class);

  /** Where the agent finds its folder. */
  static final String HOME = "/agent";

  /** Only what holds no secret: the agent may be the host's root in disguise when it reads. */
  private static final List<String> ETC =
      List.of(
          "alternatives",
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "localtime",
          "timezone",
          "ssl/certs",
          "ssl/openssl.cnf",
          "pki/ca-trust",
          "pki/java",
          "pki/tls/certs",
          "crypto-policies");

  private static final List<String> ETC_NETWORK =
      List.of("resolv.conf", "hosts", "nsswitch.conf", "gai.conf", "services", "protocols");

  private final Bubblewrap bubblewrap;
  private final List<Path> classpath;
  private final Path javaHome = Path.of(System.getProperty("java.home")).normalize();
  private final ResourceLimits limits = new ResourceLimits();
  private final Optional<Path> setsid = CommandLine.onPath("setsid");
  private final List<String> system;
  private final List<Path> searchPath;

  BubblewrapIsolation(Bubblewrap bubblewrap, List<Path> classpath) {
    this.bubblewrap = bubblewrap;
    this.classpath = classpath.stream().filter(Files::exists).toList();
    this.system = system();
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
    return CommandLine.fault(
        onHost, home, searchPath, real -> shown.stream().anyMatch(real::startsWith));
  }

  @Override
  public Launch launch(AgentManifest manifest, List<BoundMount> mounts) {
    List<String> command = new ArrayList<>();
    // A terminal's Ctrl-C goes to every process of the server's session: the agent is not to hear
    // it.
    setsid.ifPresent(s -> command.add(s.toString()));
    command.addAll(limits.prefix(manifest.limits()));
    command.addAll(bubblewrap.command());
    boolean network = manifest.access().network() == Network.ANY;
    if (network) {
      command.add("--share-net");
    }
    command.addAll(system);
    if (network) {
      ETC_NETWORK.forEach(name -> bind(command, Path.of("/etc", name), "/etc/" + name));
    }
    // Where the server is root, its user id alone would open /proc/sys.
    command.addAll(List.of("--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"));
    // Files in memory are memory: what the agent can write to is bounded by the same limit.
    tmpfs(command, "/dev/shm", manifest.limits().memory());
    command.addAll(List.of("--remount-ro", "/dev"));
    tmpfs(command, "/tmp", manifest.limits().memory());
    if (!javaHome.startsWith("/usr")) {
      bind(command, javaHome, javaHome.toString());
    }
    classpath.forEach(path -> bind(command, path, path.toString()));
    bind(command, manifest.home(), HOME);
    for (BoundMount mount : mounts) {
      command.add(mount.readOnly() ? "--ro-bind" : "--bind");
      command.addAll(List.of(mount.host().toString(), mount.as()));
    }
    command.addAll(List.of("--remount-ro", "/", "--chdir", HOME, "--"));
    command.addAll(limits.inside(manifest.limits()));
    command.addAll(words(manifest));
    String path = String.join(":", searchPath.stream().map(Path::toString).toList());
    return new Launch(command, Path.of("/"), path);
  }

  @Override
  public String visible(BoundMount mount) {
    return mount.as();
  }

  @Override
  public boolean wraps() {
    return true;
  }

  private List<String> words(AgentManifest manifest) {
    return CommandLine.of(manifest, HOME, classpath);
  }

  private void tmpfs(List<String> command, String at, long size) {
    if (bubblewrap.sizesTmpfs()) {
      command.addAll(List.of("--size", String.valueOf(size)));
    }
    command.addAll(List.of("--tmpfs", at));
  }

  /** What every sandbox shows of the host. */
  private static List<String> system() {
    List<String> arguments = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      Path path = Path.of("/", name);
      try {
        if (Files.isSymbolicLink(path)) {
          String target = Files.readSymbolicLink(path).toString();
          arguments.addAll(List.of("--symlink", target, path.toString()));
        } else {
          bind(arguments, path, path.toString());
        }
      } catch (IOException e) {
        LOG.atWarn().addKeyValue("path", path).setCause(e).log("Left out of the sandbox");
      }
    }
    ETC.forEach(name -> bind(arguments, Path.of("/etc", name), "/etc/" + name));
    // Debian's JVMs keep their settings there, and do not start without them.
    try (DirectoryStream<Path> java = Files.newDirectoryStream(Path.of("/etc"), "java*")) {
      java.forEach(path -> bind(arguments, path, path.toString()));
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("The settings of this host's JVMs are left out of the sandbox");
    }
    return List.copyOf(arguments);
  }

  private static void bind(List<String> command, Path host, String at) {
    if (Files.exists(host)) {
      command.addAll(List.of("--ro-bind", host.toString(), at));
    }
  }

  private static Path realOr(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }
}
