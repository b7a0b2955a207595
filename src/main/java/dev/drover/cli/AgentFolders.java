package dev.drover.cli;

import dev.drover.agent.AgentManifest;
import dev.drover.agent.ManifestReader;
import dev.drover.yaml.Problem;
import dev.drover.yaml.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The agents of a folder, as their manifests tell. */
record AgentFolders(Path folder, List<Entry> entries) {

  /** A folder with a manifest, and what reading it gave. */
  record Entry(Path home, ManifestReader.Result read) {
    /** The manifest's name; the folder's where the manifest can't be taken. */
    String name() {
      return read.manifest().map(manifest -> manifest.name().value()).orElse(folderName());
    }

    private String folderName() {
      return String.valueOf(home.getFileName());
    }
  }

  static AgentFolders read(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(home -> Files.exists(home.resolve(ManifestReader.FILE)))
            .sorted()
            .map(home -> home.toAbsolutePath().normalize())
            .forEach(home -> entries.add(new Entry(home, ManifestReader.read(home))));
      }
    }
    return new AgentFolders(folder, entries);
  }

  /**
   * The agent of that name.
   *
   * @throws NotThere if there is none whose manifest could be taken; the message says why
   */
  AgentManifest find(String name) throws NotThere {
    for (Entry entry : entries) {
      if (entry.name().equals(name)) {
        return entry
            .read()
            .manifest()
            .orElseThrow(() -> new NotThere(Problem.lines(entry.read().problems())));
      }
    }
    List<String> names = entries.stream().map(Entry::name).toList();
    String hint =
        Suggestion.didYouMean(name, names)
            .orElse(
                names.isEmpty() ? "there is none at all" : "known are " + String.join(", ", names));
    throw new NotThere("no agent in " + folder + " is called \"" + name + "\"; " + hint);
  }

  /** The agent that was asked for can't be had. */
  static final class NotThere extends Exception {
    private static final long serialVersionUID = 1L;

    NotThere(String message) {
      super(message);
    }
  }
}
