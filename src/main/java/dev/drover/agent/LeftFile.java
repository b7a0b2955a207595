package dev.drover.agent;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A file that an attempt has left and that its output names, as a private copy.
 *
 * @param content the copy; whoever keeps it may move it away
 * @param name its path in the attempt's folder
 * @param mediaType as the agent says
 * @param sha256 of the content, in hexadecimal
 */
public record LeftFile(Path content, String name, String mediaType, long size, String sha256) {

  /** What stands in the output in its place. */
  public Map<String, Object> reference(UUID artifact) {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put(FileNames.REFERENCE, artifact.toString());
    reference.put("name", name);
    reference.put("size", size);
    reference.put("sha256", sha256);
    reference.put("mediaType", mediaType);
    return reference;
  }
}
