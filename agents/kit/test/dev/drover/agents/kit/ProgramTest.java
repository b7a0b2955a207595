package dev.drover.agents.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  /** Greets whom the input names, on behalf of the run in the environment. */
  private static final Work GREETER =
      (input, call) -> {
        String name = input.text("name");
        call.say("greeting " + name);
        return switch (name) {
          case "busy" -> throw WorkFailure.temporary("come back later");
          case "nobody" -> throw WorkFailure.permanent("there is nobody");
          case "bug" -> throw new IllegalStateException("quotes bug");
          default ->
              JsonNodeFactory.instance
                  .objectNode()
                  .put("text", "hello " + name + " of " + call.environment().get("DROVER_RUN"));
        };
      };

  @Test
  void oneInputGivesOneOutputAndExitCodeZero() {
    assertThat(run("{\"name\":\"Ann\"}", Map.of("DROVER_RUN", "r1"))).isZero();
    assertThat(text(output)).isEqualTo("{\"text\":\"hello Ann of r1\"}\n");
    assertThat(text(log)).isEqualTo("greeting Ann\n");
  }

  @Test
  void failuresAreToldByExitCodeAndLastLineAndGiveNoOutput() {
    assertThat(run("{\"name\":\"busy\"}", Map.of())).isEqualTo(75);
    assertThat(text(log)).endsWith("temporary failure: come back later\n");
    assertThat(run("{\"name\":\"nobody\"}", Map.of())).isEqualTo(1);
    assertThat(text(log)).endsWith("failed: there is nobody\n");
    assertThat(run("{\"name\":7}", Map.of())).isEqualTo(65);
    assertThat(text(log)).endsWith("bad input: name must be a non-empty string\n");
    assertThat(run("{\"name\":\"a\",\"name\":\"b\"}", Map.of())).isEqualTo(65);
    assertThat(text(log)).contains("without duplicate names: line 1");
    assertThat(text(output)).isEmpty();
  }

  @Test
  void aFaultOfTheProgramNamesItsPlaceAndNotItsData() {
    assertThat(run("{\"name\":\"bug\"}", Map.of())).isEqualTo(1);
    assertThat(text(log))
        .contains("internal error", "IllegalStateException", "ProgramTest")
        .doesNotContain("quotes bug");
  }

  @Test
  void aLogLineIsOneLineWhateverItHolds() {
    assertThat(run("{\"name\":\"a\\nb\\u001b[2J\"}", Map.of())).isZero();
    assertThat(text(log).lines()).containsExactly("greeting a b [2J");
  }

  @Test
  void aWarmProcessServesALineAfterAnotherAndForgetsTheLast() {
    String first = "{\"attempt\":{\"run\":\"r1\"},\"input\":{\"name\":\"Ann\"}}\n";
    String second = "{\"attempt\":{},\"input\":{\"name\":\"busy\"}}\n";
    String third = "{\"attempt\":{},\"input\":{\"name\":\"Bob\"}}\n";
    assertThat(run(first + second + "no JSON\n" + third, Map.of("DROVER_WARM", "1"))).isZero();
    assertThat(text(output).lines())
        .containsExactly(
            "{\"output\":{\"text\":\"hello Ann of r1\"}}",
            "{\"exit\":75,\"message\":\"temporary failure: come back later\"}",
            "{\"exit\":65,\"message\":\"bad input: it is not one valid JSON document without"
                + " duplicate names: line 1, column 1\"}",
            "{\"output\":{\"text\":\"hello Bob of null\"}}");
  }

  private int run(String input, Map<String, String> environment) {
    PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
    return new Program(GREETER, environment, stream)
        .run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), output);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
