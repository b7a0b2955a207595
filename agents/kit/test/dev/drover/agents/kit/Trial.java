package dev.drover.agents.kit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What one run of an agent gave: exit code, standard output, standard error. */
public record Trial(int exit, String output, String log) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs in this process; JSON may be written with single quotes. */
  public static Trial inProcess(Work work, String json, Map<String, String> environment) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream lines = new PrintStream(log, true, StandardCharsets.UTF_8);
    int exit =
        new Program(work, environment, lines).run(new ByteArrayInputStream(bytes(json)), output);
    return new Trial(
        exit, output.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
  }

  /**
   * Runs the program as the engine does, in a process of its own in the agent's folder, with no
   * environment but the given one.
   */
  public static Trial asProcess(
      Class<?> main, String folder, String json, Map<String, String> environment, String... options)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", classpath(), main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Path.of(System.getProperty("drover.home", "."), "agents", folder).toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    CompletableFuture<String> log =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    try (var input = process.getOutputStream()) {
      input.write(bytes(json));
    }
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the agent did not end");
    }
    return new Trial(process.exitValue(), output.get(), log.get());
  }

  /** The one document on standard output. */
  public JsonNode receipt() throws IOException {
    return JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(output);
  }

  public String lastLogLine() {
    String[] lines = log.strip().split("\n", -1);
    return lines[lines.length - 1];
  }

  /** Absolute: the process starts elsewhere. */
  private static String classpath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
