import dev.drover.agents.kit.Program;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Tries the agent without Drover: sh test.sh */
public final class AgentTest {
  private AgentTest() {}

  public static void main(String[] arguments) {
    expect(run("{\"path\":\"/\"}", Map.of()), "0 \\{\"usedPercent\":\\d+,\"freeKiB\":\\d+}");
    expect(run("{\"path\":7}", Map.of()), "65 ");
    expect(
        run("{\"attempt\":{},\"input\":{\"path\":\"/\"}}\n", Map.of("DROVER_WARM", "1")),
        "0 \\{\"output\":\\{\"usedPercent\":\\d+,\"freeKiB\":\\d+}}");
    System.out.println("all well");
  }

  private static String run(String input, Map<String, String> environment) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream log = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    int exit =
        new Program(Agent::work, environment, log)
            .run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), output);
    return exit + " " + output.toString(StandardCharsets.UTF_8).strip();
  }

  private static void expect(String found, String pattern) {
    if (!found.matches(pattern)) {
      throw new AssertionError("expected " + pattern + ", but was " + found);
    }
  }
}
