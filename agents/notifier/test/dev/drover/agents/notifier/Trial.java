package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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

/** What one run of the agent gave: exit code, standard output, standard error. */
record Trial(int exit, String output, String log) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs in this process; JSON may be written with single quotes. */
  static Trial inProcess(String json, Map<String, String> environment) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream lines = new PrintStream(log, true, StandardCharsets.UTF_8);
    int exit = new Notifier(environment, lines).run(new ByteArrayInputStream(bytes(json)), output);
    return new Trial(
        exit, output.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
  }

  /**
   * Runs the program as the engine does, in a process of its own with no environment but the given
   * one.
   */
  static Trial asProcess(String json, Map<String, String> environment, String... options)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Notifier.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
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
  JsonNode receipt() throws IOException {
    return JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(output);
  }

  String lastLogLine() {
    String[] lines = log.strip().split("\n", -1);
    return lines[lines.length - 1];
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
