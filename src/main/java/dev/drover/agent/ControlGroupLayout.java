package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the server's own control groups lie, in the one tree of version 2 or in those of version 1.
 */
record ControlGroupLayout(boolean unified, Map<String, Path> controllers) {
  private static final List<String> NEEDED = List.of("memory", "pids");
  private static final String SERVER = "drover-server";

  /** Why groups can't be used here. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** The folders in which groups are made. */
  List<Path> bases() {
    return controllers.values().stream().distinct().toList();
  }

  /** Where a process enters the group that the server is in. */
  Path ownDoor() {
    Path base = bases().get(0);
    return (unified ? base.resolve(SERVER) : base).resolve("cgroup.procs");
  }

  boolean hasCpu() {
    return controllers.containsKey("cpu");
  }

  String version() {
    return unified ? "v2" : "v1";
  }

  /** Reads where a process is; with version 2 its group is prepared for being divided. */
  static ControlGroupLayout of(Path process) throws IOException, Unusable {
    if (!Files.exists(process.resolve("cgroup"))) {
      throw new Unusable("this kernel has no control groups");
    }
    List<Hierarchy> hierarchies = hierarchies(process);
    Map<String, Path> old = new LinkedHashMap<>();
    for (String controller : List.of("memory", "pids", "cpu")) {
      hierarchies.stream()
          .filter(h -> !h.unified && h.controllers.contains(controller))
          .findFirst()
          .ifPresent(h -> old.put(controller, h.folder));
    }
    if (old.keySet().containsAll(NEEDED)) {
      return new ControlGroupLayout(false, old);
    }
    Path base =
        hierarchies.stream()
            .filter(Hierarchy::unified)
            .map(Hierarchy::folder)
            .findFirst()
            .orElseThrow(() -> new Unusable("no control groups are mounted in /sys/fs/cgroup"));
    return divided(base);
  }

  /** A mounted tree, and the server's place in it. */
  private record Hierarchy(boolean unified, List<String> controllers, Path folder) {}

  private static List<Hierarchy> hierarchies(Path process) throws IOException {
    List<Hierarchy> found = new ArrayList<>();
    List<String> mounts = Files.readAllLines(process.resolve("mountinfo"));
    for (String line : Files.readAllLines(process.resolve("cgroup"))) {
      String[] f = line.split(":", 3); // hierarchy:controllers:path
      boolean unified = f[1].isEmpty();
      List<String> controllers = List.of(f[1].split(",", -1));
      for (String mount : mounts) {
        folder(mount, unified, controllers, f[2])
            .ifPresent(folder -> found.add(new Hierarchy(unified, controllers, folder)));
      }
    }
    return found;
  }

  /** {@code 36 35 98:0 ROOT MOUNTPOINT OPTIONS [MORE] - TYPE SOURCE SUPER-OPTIONS}. */
  private static Optional<Path> folder(
      String mount, boolean unified, List<String> controllers, String path) {
    String[] halves = mount.split(" - ", 2);
    String[] first = halves[0].split(" ", -1);
    String[] second = halves[1].split(" ", -1);
    boolean fits =
        unified
            ? second[0].equals("cgroup2")
            : second[0].equals("cgroup")
                && List.of(second[2].split(",", -1)).contains(controllers.get(0));
    Path own = Path.of(path);
    Path root = Path.of(first[3]);
    if (!fits || !own.startsWith(root)) {
      return Optional.empty();
    }
    return Optional.of(Path.of(first[4]).resolve(root.relativize(own)).normalize());
  }

  /**
   * In version 2 a group that holds processes can't hand controllers to groups below it, so the
   * server moves into one of its own, if nobody else is where it is.
   */
  private static ControlGroupLayout divided(Path own) throws IOException, Unusable {
    boolean moved = own.endsWith(SERVER);
    Path base = moved ? own.resolve("..").normalize() : own;
    List<String> offered = words(base.resolve("cgroup.controllers"));
    if (!offered.containsAll(NEEDED)) {
      throw new Unusable(
          "the server's control group has no memory and pids controllers; with systemd:"
              + " Delegate=yes");
    }
    List<String> on = words(base.resolve("cgroup.subtree_control"));
    List<String> wanted = offered.contains("cpu") ? List.of("memory", "pids", "cpu") : NEEDED;
    if (!on.containsAll(wanted)) {
      if (!moved) {
        moveAside(base);
      }
      for (String controller : wanted) {
        write(base.resolve("cgroup.subtree_control"), "+" + controller);
      }
    }
    Map<String, Path> controllers = new LinkedHashMap<>();
    wanted.forEach(controller -> controllers.put(controller, base));
    return new ControlGroupLayout(true, controllers);
  }

  private static void moveAside(Path base) throws IOException, Unusable {
    ProcessHandle self = ProcessHandle.current();
    List<String> inside = Files.readAllLines(base.resolve("cgroup.procs"));
    for (String pid : inside) {
      boolean own =
          Long.parseLong(pid) == self.pid()
              || self.descendants().anyMatch(p -> p.pid() == Long.parseLong(pid));
      if (!own) {
        throw new Unusable(
            "the server's control group holds other processes, too; start it in one of its own,"
                + " such as: systemd-run --user --scope -p Delegate=yes drover serve");
      }
    }
    Path server = Files.createDirectories(base.resolve(SERVER));
    for (String pid : inside) {
      write(server.resolve("cgroup.procs"), pid);
    }
  }

  /** Without creating it: what the kernel does not offer is not there. */
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }

  private static List<String> words(Path file) throws IOException {
    return List.of(Files.readString(file).strip().split("\\s+", -1));
  }
}
