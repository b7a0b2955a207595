package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.agents.kit.Program;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One run of the program within this process. */
record Trial(int exit, String out, String log) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CodeReviewer REVIEWER = new CodeReviewer(RulesIT.FOLDER);

  static Trial of(JsonNode input) {
    return of(input, Map.of());
  }

  static Trial of(JsonNode input, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("PATH", System.getenv("PATH"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream words = new PrintStream(log, true, StandardCharsets.UTF_8);
    int exit =
        new Program(REVIEWER, environment, words)
            .run(new ByteArrayInputStream(input.toString().getBytes(StandardCharsets.UTF_8)), out);
    return new Trial(
        exit, out.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
  }

  JsonNode output() throws IOException {
    assertThat(exit).as(log).isZero();
    return JSON.readTree(out);
  }
}
