package dev.drover.agents.patcher;

import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes changes into the tree: each file at once, by a move, and all or none as far as the disk
 * allows, for what was written is put back when a later file fails.
 */
final class TreeWriter {
  private final SourceTree tree;

  TreeWriter(SourceTree tree) {
    this.tree = tree;
  }

  void write(List<Workspace.Change> changes) throws WorkFailure {
    List<Workspace.Change> done = new ArrayList<>();
    try {
      for (Workspace.Change change : changes) {
        if (!tree.read(change.path()).equals(change.before())) {
          throw new FixProblem(change.path() + " has changed meanwhile");
        }
      }
      for (Workspace.Change change : changes) {
        done.add(change);
        set(change.path(), change.before(), change.after());
      }
    } catch (FixProblem e) {
      throw WorkFailure.temporary(e.getMessage() + ": nothing was written, try again");
    } catch (IOException e) {
      throw WorkFailure.permanent(
          "the tree can't be written ("
              + e.getClass().getSimpleName()
              + "): let the agent's user write it; "
              + back(done));
    }
  }

  private String back(List<Workspace.Change> done) {
    Collections.reverse(done);
    List<String> left = new ArrayList<>();
    for (Workspace.Change change : done) {
      try {
        if (!tree.read(change.path()).equals(change.before())) {
          set(change.path(), change.after(), change.before());
        }
      } catch (IOException | FixProblem e) {
        left.add(change.path());
      }
    }
    return left.isEmpty() ? "nothing was changed" : "changed and not put back: " + left;
  }

  private void set(String path, Optional<FileState> found, Optional<FileState> wanted)
      throws IOException, FixProblem {
    Path file = tree.inside(path);
    if (wanted.isEmpty()) {
      Files.delete(file);
      deleteEmptyFolders(file);
      return;
    }
    Path folder = Objects.requireNonNull(file.getParent(), "a file lies in a folder");
    Files.createDirectories(folder);
    Path fresh = folder.resolve(".drover-" + UUID.randomUUID() + ".tmp");
    try {
      Files.write(fresh, wanted.get().content());
      permissions(fresh, found.isPresent() ? Optional.of(file) : Optional.empty(), wanted.get());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Those of the file that it replaces; executable where it shall be and may be read. */
  private static void permissions(Path fresh, Optional<Path> old, FileState state)
      throws IOException {
    if (!Files.getFileStore(fresh).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> found =
        Files.getPosixFilePermissions(old.isPresent() ? old.get() : fresh);
    EnumSet<PosixFilePermission> wanted = EnumSet.noneOf(PosixFilePermission.class);
    wanted.addAll(found);
    if (old.isEmpty() || state.executable() != Files.isExecutable(old.get())) {
      executable(wanted, state.executable());
    }
    Files.setPosixFilePermissions(fresh, wanted);
  }

  private static void executable(Set<PosixFilePermission> permissions, boolean executable) {
    PosixFilePermission[][] pairs = {
      {PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE},
      {PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE},
      {PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE}
    };
    for (PosixFilePermission[] pair : pairs) {
      if (executable && permissions.contains(pair[0])) {
        permissions.add(pair[1]);
      } else {
        permissions.remove(pair[1]);
      }
    }
  }

  /** As git does: it knows no empty folders. */
  private void deleteEmptyFolders(Path file) throws IOException {
    Path folder = file.getParent();
    while (folder != null && !folder.equals(tree.root())) {
      try {
        Files.delete(folder);
      } catch (DirectoryNotEmptyException e) {
        return; // somebody else's files are in it
      }
      folder = folder.getParent();
    }
  }
}
