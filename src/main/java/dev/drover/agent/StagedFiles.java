package dev.drover.agent;

import dev.drover.agent.AgentManifest.Mount;
import dev.drover.agent.Isolation.BoundMount;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The files of an attempt on this host: private, and gone when it has ended.
 *
 * @param out the empty folder in which it leaves files, if it may
 * @param mounted by the field of the input that is mounted: the file that stands for it
 */
public record StagedFiles(Optional<Path> out, Map<String, Path> mounted) {
  /** No files at all. */
  public static final StagedFiles NONE = new StagedFiles(Optional.empty(), Map.of());

  /** Where an agent that is shut off from the host sees its folder. */
  static final String OUT = "/work/out";

  public StagedFiles {
    mounted = Map.copyOf(mounted);
  }

  Optional<BoundMount> outMount() {
    return out.map(folder -> new BoundMount(folder, OUT, false));
  }

  /** What is there for a mount; read-only, whatever the manifest says of host paths. */
  Optional<BoundMount> mount(Mount mount) {
    return Optional.ofNullable(mounted.get(mount.input()))
        .map(file -> new BoundMount(file, mount.as(), true));
  }
}
