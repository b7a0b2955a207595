package dev.drover.agents.patcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.WorkFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A folder with files, and the patcher let loose on it. */
final class Trial {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final ObjectNode input = JSON.createObjectNode();

  Trial(Path folder) {
    this.folder = folder;
    input.putArray("fixes");
  }

  Trial file(String path, String text) throws IOException {
    return file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  Trial file(String path, byte[] content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return this;
  }

  /** Single quotes stand for double ones. */
  Trial fix(String json) throws IOException {
    input.withArray("fixes").add(JSON.readTree(json.replace('\'', '"')));
    return this;
  }

  Trial patch(String patch) {
    input.withArray("fixes").addObject().put("patch", patch);
    return this;
  }

  Trial patch(String patch, int fuzz) {
    input.withArray("fixes").addObject().put("patch", patch).put("fuzz", fuzz);
    return this;
  }

  Trial with(String field, Object value) {
    input.set(field, JSON.valueToTree(value));
    return this;
  }

  Trial again() {
    input.putArray("fixes");
    return this;
  }

  /** Only looks. */
  JsonNode run() throws BadInput, WorkFailure {
    return run("target");
  }

  JsonNode write() throws BadInput, WorkFailure {
    input.put("write", true);
    return run("writableTarget");
  }

  private JsonNode run(String field) throws BadInput, WorkFailure {
    ObjectNode whole = input.deepCopy();
    if (!whole.has("target") && !whole.has("writableTarget")) {
      whole.put(field, folder.toString());
    }
    PrintStream log = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new Patcher().run(InputObject.of(whole), new Call(Map.of(), log));
  }

  String text(String path) throws IOException {
    return Files.readString(folder.resolve(path));
  }

  /** What the program prints; it must succeed. */
  static String program(Path in, String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("trial", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(Arrays.toString(command) + " does not end");
      }
      String text = Files.readString(out, StandardCharsets.ISO_8859_1);
      if (process.exitValue() != 0) {
        throw new AssertionError(Arrays.toString(command) + " failed: " + text);
      }
      return text;
    } finally {
      Files.delete(out);
    }
  }

  static String git(Path in, String... words) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(List.of("git", "-c", "user.name=A", "-c", "user.email=a@b.c"));
    command.addAll(List.of(words));
    return program(in, command.toArray(String[]::new));
  }
}
