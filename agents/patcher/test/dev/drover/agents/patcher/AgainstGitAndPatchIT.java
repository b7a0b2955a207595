package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated files and edits, each given to the patcher and to the programs that everybody uses. */
class AgainstGitAndPatchIT {
  private static final int FILES = 400;
  private static final List<String> NAMES =
      List.of("plain", "with blank", "quo\"te", "grün", "folder/deep/a", "tick'", "日本");

  @TempDir Path folder;
  private final Random random = new Random(20_261_127);

  @BeforeEach
  void tools() {
    RequiredTool.assume("git");
    RequiredTool.assume("patch");
  }

  @Test
  void gitAppliesEveryDiffThatIsReturned() throws Exception {
    Map<String, byte[]> before = new TreeMap<>();
    Map<String, byte[]> after = new TreeMap<>();
    StringBuilder diff = new StringBuilder();
    Path tree = Files.createDirectory(folder.resolve("tree"));
    for (int i = 0; i < FILES; i++) {
      String path = i + "/" + NAMES.get(i % NAMES.size());
      List<String> lines = lines();
      byte[] old = bytes(lines);
      byte[] fresh = i % 20 == 7 ? new byte[0] : bytes(edited(lines));
      boolean created = i % 20 == 3;
      boolean deleted = i % 20 == 5;
      if (!created) {
        before.put(path, old);
      }
      if (!deleted) {
        after.put(path, fresh);
      }
      if (!Arrays.equals(before.get(path), after.get(path))) {
        diff.append(diff(path, before.get(path), after.get(path)));
      }
    }
    write(tree, before);
    Path patch = folder.resolve("patch");
    Files.writeString(patch, diff, StandardCharsets.ISO_8859_1);
    Trial.git(tree, "apply", "--whitespace=nowarn", patch.toString());
    assertThat(read(tree)).containsExactlyInAnyOrderEntriesOf(shown(after));
  }

  @Test
  void whatGitDiffSaysIsAppliedToTheByte() throws Exception {
    Map<String, byte[]> before = new TreeMap<>();
    Map<String, byte[]> after = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      String path = i + "/" + NAMES.get(i % NAMES.size());
      List<String> lines = lines();
      before.put(path, bytes(lines));
      if (i % 20 != 5) {
        after.put(i % 20 == 9 ? path + ".moved" : path, bytes(edited(lines)));
      }
    }
    Path tree = Files.createDirectory(folder.resolve("tree"));
    write(tree, before);
    Trial.git(tree, "init", "-q");
    Trial.git(tree, "config", "core.autocrlf", "false");
    Trial.git(tree, "add", "-A");
    Trial.git(tree, "commit", "-qm", "before");
    for (String path : before.keySet()) {
      Files.delete(tree.resolve(path));
    }
    write(tree, after);
    Trial.git(tree, "add", "-A");
    String patch = Trial.git(tree, "diff", "--cached", "-M", "--text");
    assertThat(patch).contains("rename from");
    Trial.git(tree, "reset", "-q", "--hard");
    Files.createDirectories(tree);

    String encoded =
        Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.ISO_8859_1));
    JsonNode report = new Trial(tree).fix("{'patchBase64': '" + encoded + "'}").write();

    assertThat(report.path("ok").asBoolean()).as(report.at("/fixes/0/message").asText()).isTrue();
    assertThat(read(tree)).containsExactlyInAnyOrderEntriesOf(shown(after));
  }

  @Test
  void hunksGoWhereGnuPatchPutsThem() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    StringBuilder patch = new StringBuilder();
    Map<String, byte[]> drifted = new TreeMap<>();
    for (int i = 0; i < FILES + FILES / 2; i++) {
      List<String> lines = lines();
      byte[] fresh = bytes(edited(lines));
      patch.append(diff("f" + i, bytes(lines), fresh));
      drifted.put("f" + i, bytes(edited(lines)));
    }
    write(tree, drifted);
    Path file = folder.resolve("p");
    Files.writeString(file, patch, StandardCharsets.ISO_8859_1);
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    write(theirs, drifted);
    gnuPatch(theirs, file);
    String encoded =
        Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.ISO_8859_1));
    Trial trial = new Trial(tree).with("partial", true);
    JsonNode report = trial.fix("{'patchBase64': '" + encoded + "', 'fuzz': 2}").write();

    compare(report, drifted.keySet(), theirs, tree);
  }

  private void compare(JsonNode report, Set<String> paths, Path theirs, Path mine)
      throws IOException {
    Set<String> rejected = new HashSet<>();
    Set<String> own = new HashSet<>();
    int fuzzy = 0;
    int moved = 0;
    for (JsonNode hunk : report.at("/fixes/0/hunks")) {
      String path = hunk.path("file").asText();
      switch (hunk.path("status").asText()) {
        case "already" -> own.add(path);
        case "rejected" -> rejected.add(path);
        default -> {
          fuzzy += hunk.path("fuzz").asInt() > 0 ? 1 : 0;
          moved += hunk.path("offset").asInt() != 0 ? 1 : 0;
          if (hunk.path("lineEndsAdapted").asBoolean()) {
            own.add(path);
          }
        }
      }
    }
    assertThat(report.path("truncated").asBoolean()).isFalse();
    List<String> different = new ArrayList<>();
    for (String path : paths) {
      boolean theirReject = Files.exists(theirs.resolve(path + ".rej"));
      boolean same =
          theirReject == rejected.contains(path)
              && Files.mismatch(theirs.resolve(path), mine.resolve(path)) < 0;
      if (!own.contains(path) && !same) {
        different.add(path + (theirReject ? " rejected by patch" : ""));
      }
    }
    assertThat(different).isEmpty();
    assertThat(own.size()).isLessThan(paths.size() / 5);
    assertThat(fuzzy).isGreaterThan(50);
    assertThat(moved).isGreaterThan(50);
    assertThat(rejected.size()).isBetween(20, 2 * paths.size() / 3);
  }

  /** It ends with 1 if there were rejects. */
  private static void gnuPatch(Path in, Path patch) throws IOException, InterruptedException {
    Trial.program(
        in,
        "sh",
        "-c",
        "patch -p1 -f -s --binary --fuzz=2 --no-backup-if-mismatch < \"$1\"; [ $? -le 1 ]",
        "sh",
        patch.toString());
  }

  private static String diff(String path, byte[] before, byte[] after) {
    return UnifiedDiff.of(new Workspace.Change(path, state(before), state(after))).text();
  }

  private static Optional<FileState> state(byte[] content) {
    return Optional.ofNullable(content).map(bytes -> new FileState(bytes, false));
  }

  /** Few different lines, so that many places look alike. */
  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    int count = random.nextInt(40);
    boolean crLf = random.nextInt(6) == 0;
    for (int i = 0; i < count; i++) {
      lines.add(line() + (crLf ? "\r\n" : "\n"));
    }
    if (count > 0 && random.nextInt(5) == 0) {
      lines.set(count - 1, Lines.withoutEnd(lines.get(count - 1)) + "x");
    }
    return lines;
  }

  private String line() {
    int kind = random.nextInt(20);
    return kind == 0 ? "" : kind == 1 ? "\u00e9\u00ff" : "line " + random.nextInt(12);
  }

  private List<String> edited(List<String> lines) {
    List<String> edited = new ArrayList<>(lines);
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(edited.size() + 1);
      int kind = random.nextInt(3);
      if (kind == 0 || at == edited.size()) {
        if (at == edited.size() && at > 0) {
          edited.set(at - 1, Lines.withoutEnd(edited.get(at - 1)) + "\n");
        }
        edited.add(at, "new " + random.nextInt(100) + "\n");
      } else if (kind == 1) {
        edited.remove(at);
      } else {
        edited.set(at, "other " + random.nextInt(100) + "\n");
      }
    }
    return edited;
  }

  private static byte[] bytes(List<String> lines) {
    return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void write(Path tree, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = tree.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  private static Map<String, String> read(Path tree) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = tree.relativize(file).toString();
        if (!path.startsWith(".git/")) {
          found.put(path, Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return found;
  }

  private static Map<String, String> shown(Map<String, byte[]> files) {
    Map<String, String> shown = new TreeMap<>();
    files.forEach((path, bytes) -> shown.put(path, new String(bytes, StandardCharsets.ISO_8859_1)));
    return shown;
  }
}
