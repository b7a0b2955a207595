package dev.drover.cli;

import dev.drover.agent.AttemptFiles;
import dev.drover.agent.FilesRefused;
import dev.drover.agent.LeftFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an attempt leaves in files goes to a folder of the person who tries the agent. */
record OutFiles(Path folder) implements AttemptFiles {
  @Override
  public void fetch(String artifact, Path to) throws FilesRefused, IOException {
    NONE.fetch(artifact, to);
  }

  @Override
  public Map<String, Object> keep(LeftFile file) throws IOException {
    Path kept = folder.resolve(file.name()).toAbsolutePath().normalize();
    Files.createDirectories(kept.getParent());
    Files.copy(file.content(), kept, StandardCopyOption.REPLACE_EXISTING);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("file", kept.toString());
    shown.put("size", file.size());
    shown.put("sha256", file.sha256());
    shown.put("mediaType", file.mediaType());
    return shown;
  }
}
