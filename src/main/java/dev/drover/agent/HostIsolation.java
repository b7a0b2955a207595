package dev.drover.agent;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** No isolation at all: the agent is a process of the host like any other. */
final class HostIsolation implements Isolation {
  private final List<Path> classpath;
  private final List<Path> searchPath = new ArrayList<>();
  private final Optional<Path> setsid = CommandLine.onPath("setsid");
  private final ResourceLimits limits = new ResourceLimits();

  HostIsolation(List<Path> classpath) {
    this.classpath = classpath;
    searchPath.add(Path.of(System.getProperty("java.home"), "bin"));
    searchPath.addAll(CommandLine.searchPath());
  }

  @Override
  public String name() {
    return "process";
  }

  @Override
  public Optional<String> missing(AgentManifest manifest) {
    return CommandLine.fault(words(manifest).get(0), manifest.home(), searchPath, real -> true);
  }

  @Override
  public Launch launch(AgentManifest manifest, List<BoundMount> mounts) {
    List<String> command = new ArrayList<>();
    // A session of its own is how the attempt's processes are known when their parents have gone.
    setsid.ifPresent(s -> command.add(s.toString()));
    command.addAll(limits.prefix(manifest));
    command.addAll(words(manifest));
    String path = String.join(File.pathSeparator, searchPath.stream().map(Path::toString).toList());
    return new Launch(command, manifest.home(), path, Map.of(), Bounds.NONE);
  }

  @Override
  public String visible(BoundMount mount) {
    return mount.host().toString();
  }

  @Override
  public boolean wraps() {
    return false;
  }

  @Override
  public void close() {}

  private List<String> words(AgentManifest manifest) {
    return CommandLine.of(manifest, manifest.home().toString(), classpath);
  }
}
