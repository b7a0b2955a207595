package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import dev.drover.agent.dagger.TestCli;
import dev.drover.agent.dagger.TestEngine;
import dev.drover.agent.dagger.TestEngine.Flavour;
import dev.drover.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AgentsDoctorIT {
  @TempDir Path folder;

  private record Said(int code, String text) {}

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  private static Said doctor(Map<String, String> environment, String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int code =
          new CommandLine(new AgentsDoctor(environment))
              .setCaseInsensitiveEnumValuesAllowed(true)
              .execute(arguments);
      return new Said(code, out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void whatIsMissingIsNamedWithTheWayToGetItAlsoWithoutANetwork() {
    Said said = doctor(Map.of("PATH", folder.toString()), "--runtime", "dagger");

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text())
        .contains("ok       bubblewrap", "missing  dagger ", "offline:", "tar -xzf")
        .contains("missing  node", "apt-get install nodejs", "ok       java");
    assertThat(doctor(Map.of("PATH", folder.toString())).code()).isZero();
  }

  @Test
  void aNodeThatRunsNoTypeScriptIsNotCalledGood() throws Exception {
    assertThat(doctor(Map.of("PATH", node("v22.17.1"))).text())
        .contains("missing  node           v22.17.1", "not in TypeScript", "22.18");
    assertThat(doctor(Map.of("PATH", node("v22.18.0"))).text()).contains("ok       node");
    assertThat(doctor(Map.of("PATH", node("v24.1.0"))).text()).contains("ok       node");
  }

  private String node(String version) throws Exception {
    Path program = folder.resolve("node");
    Files.writeString(program, "#!/bin/sh\necho " + version + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return folder.toString();
  }

  @Test
  void anEngineThatCannotBeReachedSaysWhyAndHowToCarryOneHere() {
    TestCli cli = new TestCli(folder.resolve("cli"));

    Said said = doctor(cli.environment(), "--runtime", "dagger");

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text())
        .contains("ok       dagger         dagger v0.18.19", "failed to connect to engine")
        .contains("docker load -i engine.tar", "_EXPERIMENTAL_DAGGER_RUNNER_HOST");
  }

  @Test
  void aSessionIsReallyOpened() throws Exception {
    try (TestEngine engine = new TestEngine(Flavour.ONE_ID, folder.resolve("store"))) {
      TestCli cli = new TestCli(folder.resolve("cli")).leadsTo(engine);

      Said said = doctor(cli.environment(), "--runtime", "dagger", "--json");

      assertThat(said.code()).isZero();
      List<?> rows = (List<?>) Json.parse(said.text());
      assertThat(rows)
          .anySatisfy(
              row ->
                  assertThat((Map<?, ?>) row)
                      .isEqualTo(
                          Map.of(
                              "name", "dagger engine",
                              "there", true,
                              "detail", "v1.0.0, a session opens")));
      assertThat(cli.lines("ends")).hasSize(1);
    }
  }
}
