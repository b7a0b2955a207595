package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * The door to where files between attempts are kept, as one attempt may use it. Its methods block,
 * and bear to be interrupted.
 */
public interface AttemptFiles {
  /** For attempts that belong to no run: they are given no files, and can leave none. */
  AttemptFiles NONE =
      new AttemptFiles() {
        @Override
        public void fetch(String artifact, Path to) throws FilesRefused {
          throw new FilesRefused(
              FailureType.MOUNT_REFUSED, "only nodes of workflows can read artifacts");
        }

        @Override
        public Map<String, Object> keep(LeftFile file) throws FilesRefused {
          throw new FilesRefused(
              FailureType.OUTPUT_INVALID,
              "the output names the file \""
                  + file.name()
                  + "\"; only files of workflows' nodes are kept");
        }
      };

  /** For self-tests: what an agent leaves is looked at, and not kept. */
  AttemptFiles LOOKED_AT =
      new AttemptFiles() {
        @Override
        public void fetch(String artifact, Path to) throws FilesRefused, IOException {
          NONE.fetch(artifact, to);
        }

        @Override
        public Map<String, Object> keep(LeftFile file) {
          return file.reference(new UUID(0, 0));
        }
      };

  /**
   * Writes the content of an artifact to a file that is not there yet.
   *
   * @param artifact its id, as the input has it: whether the attempt may read it is not known
   * @throws FilesRefused if there is no such artifact that it may read
   * @throws IOException if the content can't be had now
   */
  void fetch(String artifact, Path to) throws FilesRefused, IOException;

  /**
   * Keeps a file; it is durable then.
   *
   * @return what later nodes get in its place
   */
  Map<String, Object> keep(LeftFile file) throws FilesRefused, IOException;
}
