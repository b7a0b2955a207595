package dev.drover.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where the content of artifacts is. What a store makes a name of is the id and the project's name,
 * never anything that came from outside. Its methods block, and bear to be interrupted.
 */
public interface ArtifactStore {
  /**
   * Stores content; it is durable then. The same once more changes nothing.
   *
   * @param content a file of this host, which may be moved away
   */
  void put(Artifact artifact, Path content) throws IOException;

  /** Opens content. */
  InputStream open(Artifact artifact) throws IOException;

  /** Deletes content, if it is there. */
  void delete(Artifact artifact) throws IOException;
}
