package dev.drover.agents.patcher;

import dev.drover.agents.kit.Glob;
import dev.drover.agents.kit.WorkFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tree with the changes so far on top. Nothing reaches the disk from here; a fix that fails
 * halfway is taken back by going to the mark before it.
 */
final class Workspace {
  private static final int MOST_CHANGED_FILES = 5000;
  private static final long MOST_CHANGED_BYTES = 64L << 20;

  /** A file before and after; absent means that it isn't there. */
  record Change(String path, Optional<FileState> before, Optional<FileState> after) {}

  /** A state to go back to. */
  record Mark(Map<String, Optional<FileState>> current, long bytes) {}

  private final SourceTree tree;
  private final Map<String, Optional<FileState>> original = new HashMap<>();
  private TreeMap<String, Optional<FileState>> current = new TreeMap<>();
  private long bytes;

  Workspace(SourceTree tree) {
    this.tree = tree;
  }

  Optional<FileState> read(String path) throws FixProblem {
    Optional<FileState> changed = current.get(path);
    if (changed != null) {
      return changed;
    }
    Optional<FileState> known = original.get(path);
    return known == null ? tree.read(path) : known;
  }

  void put(String path, FileState state) throws FixProblem {
    if (state.content().length > SourceTree.LARGEST_FILE) {
      throw new FixProblem(
          path + " would become larger than " + SourceTree.LARGEST_FILE + " bytes");
    }
    refuseCovering(path);
    set(path, Optional.of(state));
    if (bytes > MOST_CHANGED_BYTES || current.size() > MOST_CHANGED_FILES) {
      throw new FixProblem(
          "more than " + MOST_CHANGED_FILES + " files or " + MOST_CHANGED_BYTES + " bytes change");
    }
  }

  /** A file can't be where others have a folder, nor in what is a file. */
  private void refuseCovering(String path) throws FixProblem {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      Optional<FileState> folder = current.get(path.substring(0, slash));
      if (folder != null && folder.isPresent()) {
        throw new FixProblem(path + " lies in what is a file, not a folder");
      }
    }
    for (Optional<FileState> inside : current.subMap(path + "/", path + "0").values()) {
      if (inside.isPresent()) {
        throw new FixProblem(path + " is a folder, not a file");
      }
    }
  }

  void delete(String path) throws FixProblem {
    set(path, Optional.empty());
  }

  private void set(String path, Optional<FileState> state) throws FixProblem {
    if (!original.containsKey(path)) {
      original.put(path, tree.read(path));
    }
    Optional<FileState> replaced = current.put(path, state);
    bytes += size(state) - (replaced == null ? 0 : size(replaced));
  }

  private static int size(Optional<FileState> state) {
    return state.map(one -> one.content().length).orElse(0);
  }

  List<String> find(List<Glob> globs) throws WorkFailure {
    Set<String> found = new LinkedHashSet<>(tree.find(globs));
    current.forEach(
        (path, state) -> {
          if (state.isEmpty()) {
            found.remove(path);
          } else if (Glob.anyMatches(globs, path)) {
            found.add(path);
          }
        });
    return found.stream().sorted().toList();
  }

  Mark mark() {
    return new Mark(new TreeMap<>(current), bytes);
  }

  void back(Mark mark) {
    current = new TreeMap<>(mark.current());
    bytes = mark.bytes();
  }

  /** What really differs from the disk, by path. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    current.forEach(
        (path, after) -> {
          Optional<FileState> before = original.getOrDefault(path, Optional.empty());
          if (!before.equals(after)) {
            changes.add(new Change(path, before, after));
          }
        });
    return changes;
  }
}
