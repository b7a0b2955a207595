package dev.drover.agent;

import dev.drover.agent.FileNames.Named;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what was kept of a file in the place of its name, wherever an output names one. */
final class NamedFiles {
  private final Keeper keeper;
  private final int most;
  private final Map<Named, Map<String, Object>> kept = new LinkedHashMap<>();

  /** Keeps a file and gives what stands for it from then on. */
  interface Keeper {
    Map<String, Object> keep(Named file) throws FilesRefused, IOException;
  }

  /**
   * @param most files that an output may name
   */
  NamedFiles(Keeper keeper, int most) {
    this.keeper = keeper;
    this.most = most;
  }

  /** The output as later nodes get it. A file that is named twice is kept once. */
  @Nullable Object replaceIn(@Nullable Object value) throws FilesRefused, IOException {
    if (value instanceof Map<?, ?> map) {
      if (FileNames.isNamed(map)) {
        return keep(FileNames.named(map));
      }
      Map<String, @Nullable Object> replaced = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        replaced.put(String.valueOf(entry.getKey()), replaceIn(entry.getValue()));
      }
      return replaced;
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> replaced = new ArrayList<>(list.size());
      for (Object item : list) {
        replaced.add(replaceIn(item));
      }
      return replaced;
    }
    return value;
  }

  private Map<String, Object> keep(Named file) throws FilesRefused, IOException {
    Map<String, Object> known = kept.get(file);
    if (known != null) {
      return known;
    }
    if (kept.size() == most) {
      throw new FilesRefused(
          FailureType.ARTIFACT_TOO_LARGE,
          "the output names more than " + most + " files; artifacts.files allows no more");
    }
    Map<String, Object> reference = keeper.keep(file);
    kept.put(file, reference);
    return reference;
  }
}
