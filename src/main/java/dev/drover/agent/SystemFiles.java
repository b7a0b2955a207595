package dev.drover.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every sandbox shows of the host's own files, as arguments of bubblewrap. */
final class SystemFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SystemFiles.class);

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

  /** Where the server is root these would tell of the kernel's memory and of others' keys. */
  private static final List<String> MASKED =
      List.of(
          "kcore",
          "keys",
          "kpagecgroup",
          "kpagecount",
          "kpageflags",
          "pagetypeinfo",
          "sched_debug",
          "slabinfo",
          "timer_list",
          "vmallocinfo");

  private final List<String> programs = programs();
  private final List<String> masks = masks();

  /** Programs, libraries, harmless settings, and the kernel's files, read-only. */
  List<String> shown(boolean withNetwork) {
    List<String> arguments = new ArrayList<>(programs);
    if (withNetwork) {
      ETC_NETWORK.forEach(name -> bind(arguments, Path.of("/etc", name), "/etc/" + name));
    }
    // Where the server is root, its user id alone would open /proc/sys.
    arguments.addAll(List.of("--proc", "/proc"));
    arguments.addAll(masks);
    arguments.addAll(List.of("--remount-ro", "/proc", "--dev", "/dev"));
    return arguments;
  }

  private static List<String> programs() {
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

  private static List<String> masks() {
    List<String> arguments = new ArrayList<>();
    MASKED.stream()
        .map(name -> Path.of("/proc", name))
        .filter(Files::exists)
        .forEach(p -> arguments.addAll(List.of("--ro-bind", "/dev/null", p.toString())));
    return List.copyOf(arguments);
  }

  /** Shows a path read-only, if it is there. */
  static void bind(List<String> command, Path host, String at) {
    if (Files.exists(host)) {
      command.addAll(List.of("--ro-bind", host.toString(), at));
    }
  }
}
