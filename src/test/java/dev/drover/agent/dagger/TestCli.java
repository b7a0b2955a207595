package dev.drover.agent.dagger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A script that does what {@code dagger session} does, for an engine of a test. */
public final class TestCli {
  private final Path folder;

  /** Makes it, in a folder of its own. */
  public TestCli(Path folder) {
    this.folder = folder;
    String script =
        """
        #!/bin/sh
        cd "%s" || exit 9
        [ "$1" = version ] && { echo "dagger v0.18.19 (image://test) linux/amd64"; exit 0; }
        echo $$ >> pids
        echo "$*" >> arguments
        env > environment
        echo "1: connect" >&2
        [ -f silent ] && exec sleep 600
        if [ ! -f session ]; then echo "failed to connect to engine: no such host" >&2; exit 1; fi
        cat session
        cat > /dev/null
        echo ended >> ends
        """
            .formatted(folder);
    try {
      Files.createDirectories(folder);
      Files.writeString(program(), script);
      if (!program().toFile().setExecutable(true)) {
        throw new IllegalStateException("not made executable: " + program());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next session is one of this engine. */
  public TestCli leadsTo(TestEngine engine) {
    try {
      Files.writeString(folder.resolve("session"), engine.sessionLine() + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** There is no engine any more. */
  public void leadsNowhere() {
    try {
      Files.deleteIfExists(folder.resolve("session"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It starts, and nothing comes of it. */
  public void fallsSilent() {
    try {
      Files.createFile(folder.resolve("silent"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path program() {
    return folder.resolve("dagger");
  }

  /** An environment in which it is found. */
  public Map<String, String> environment() {
    return Map.of(SessionSource.CLI, program().toString(), "PATH", System.getenv("PATH"));
  }

  /** The lines that it wrote into one of its files. */
  public List<String> lines(String file) {
    try {
      Path path = folder.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the newest session's process. */
  public void kill() {
    List<String> pids = lines("pids");
    ProcessHandle.of(Long.parseLong(pids.get(pids.size() - 1)))
        .ifPresent(ProcessHandle::destroyForcibly);
  }
}
