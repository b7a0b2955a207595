package dev.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The servers' own programs judge the files of {@code deploy/}; its scripts do what they say. */
@Timeout(60)
class DeployToolsIT {
  private static final String TOKEN = "DROVER_AUTH_TOKEN";

  @TempDir private Path home;
  private Path deploy;

  private record Ended(int code, String said) {}

  @BeforeEach
  void copy() throws IOException {
    deploy = home.resolve("deploy");
    try (Stream<Path> files = Files.walk(Deployed.FOLDER)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = Deployed.FOLDER.relativize(file).toString();
        // What somebody made with env.sh is not part of the test.
        if (!name.equals(".env") && !name.startsWith("secrets")) {
          Files.copy(file, deploy.resolve(name));
        }
      }
    }
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    Path said = home.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(deploy.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DROVER_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + String.join(" ", command));
    }
    return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
  }

  private void accepted(String... command) throws Exception {
    Ended ended = run(Map.of(), command);
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  private Map<String, String> secrets() throws IOException {
    Map<String, String> secrets = new TreeMap<>();
    for (String line : Files.readAllLines(deploy.resolve(".env"))) {
      String[] parts = line.split("=", 2);
      secrets.put(parts[0], parts[1]);
    }
    return secrets;
  }

  @Test
  void prometheusTakesItsConfigurationOnThisMachineAndInTheStack() throws Exception {
    RequiredTool.assume("promtool");
    accepted("promtool", "check", "config", "prometheus/prometheus.yml");
    Files.move(deploy.resolve("prometheus/targets"), deploy.resolve("prometheus/of-this-machine"));
    Files.move(deploy.resolve("prometheus/compose-targets"), deploy.resolve("prometheus/targets"));
    accepted("promtool", "check", "config", "prometheus/prometheus.yml");
    accepted("sh", "-c", "promtool check rules prometheus/rules/*.yml");
  }

  @Test
  void alertmanagerTakesItsConfigurationOnThisMachineAndInTheStack() throws Exception {
    RequiredTool.assume("amtool");
    accepted("amtool", "check-config", "alertmanager/alertmanager.yml", "alertmanager/local.yml");
  }

  @Test
  void natsTakesItsConfigurationWithAGeneratedToken() throws Exception {
    RequiredTool.assume("nats-server");
    accepted("./env.sh");
    String file = "nats/nats.conf";
    Ended ended = run(secrets(), "nats-server", "-t", "-c", file);
    assertThat(ended.code()).as(ended.said()).isZero();
    // It reads a number where it finds one, and a token has to be text: hence the letter in front.
    assertThat(run(Map.of("NATS_TOKEN", "512"), "nats-server", "-t", "-c", file).code())
        .isNotZero();
  }

  @Test
  void composeTakesItsFileWithTheGeneratedSecretsAndNotWithout() throws Exception {
    RequiredTool.assume("docker-compose");
    // Version 1, which Debian 12 has, does not know this line.
    Path file = deploy.resolve("compose.yaml");
    Files.writeString(file, Files.readString(file).replaceFirst("(?m)^name: drover$", ""));
    Ended without = run(Map.of(), "docker-compose", "-f", "compose.yaml", "config");
    assertThat(without.code()).isNotZero();
    assertThat(without.said()).contains("run ./env.sh first");

    accepted("./env.sh");
    Ended with = run(Map.of(), "docker-compose", "-f", "compose.yaml", "config");
    assertThat(with.code()).as(with.said()).isZero();
    assertThat(with.said()).contains(TOKEN + ": " + secrets().get(TOKEN));
  }

  @Test
  void secretsAreLongDifferentAndForNobodyElse() throws Exception {
    accepted("./env.sh");
    assertThat(secrets()).hasSize(4);
    assertThat(secrets().values())
        .doesNotHaveDuplicates()
        .allSatisfy(secret -> assertThat(secret).matches("s[0-9a-f]{64}"));
    assertThat(mode(".env")).isEqualTo("rw-------");
    assertThat(mode("secrets")).isEqualTo("rwx------");
    assertThat(deploy.resolve("secrets/drover-token")).hasContent(secrets().get(TOKEN));
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(deploy.resolve(file)));
  }

  @Test
  void secretsThatAreThereStayAndTheTokensFileFollowsThem() throws Exception {
    Files.writeString(deploy.resolve(".env"), TOKEN + "=mine\nOTHER=kept\n");
    accepted("./env.sh");
    Map<String, String> first = secrets();
    assertThat(first).hasSize(5).containsEntry(TOKEN, "mine").containsEntry("OTHER", "kept");
    assertThat(deploy.resolve("secrets/drover-token")).hasContent("mine");
    accepted("./env.sh");
    assertThat(secrets()).isEqualTo(first);
    assertThat(mode(".env")).isEqualTo("rw-------");
  }

  @Test
  void anEmptySecretIsRefused() throws Exception {
    Files.writeString(deploy.resolve(".env"), "NATS_TOKEN=\n");
    Ended ended = run(Map.of(), "./env.sh");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.said()).contains("NATS_TOKEN is empty");
  }

  @Test
  void aSecretThatOthersWouldReadDifferentlyIsRefused() throws Exception {
    for (String value : List.of("\"quoted\"", "a$b", "a b", "a#b", "a'b", "gr\u00fcn", "a\r")) {
      Files.writeString(deploy.resolve(".env"), TOKEN + "=" + value + "\n");
      Ended ended = run(Map.of(), "./env.sh");
      assertThat(ended.code()).as(value).isEqualTo(1);
      assertThat(ended.said()).contains(TOKEN, "may have only letters").doesNotContain(value);
      assertThat(deploy.resolve("secrets")).doesNotExist();
    }
    Files.writeString(deploy.resolve(".env"), TOKEN + "=Aa0._~+/=-\n");
    accepted("./env.sh");
    assertThat(deploy.resolve("secrets/drover-token")).hasContent("Aa0._~+/=-");
  }

  @Test
  void theEngineStartsBehindItsRuleOrNotAtAll() throws Exception {
    RequiredTool.assume("nft");
    RequiredTool.assume("unshare");
    Ended denied = engine("denied", "nft list ruleset");
    assertThat(denied.code()).as(denied.said()).isZero();
    assertThat(denied.said())
        .contains("hook prerouting", "iifname != {", "\"eth*\"", "drop", "started --group 7");

    Ended allowed = engine("allowed", "nft list ruleset");
    assertThat(allowed.said()).contains("started --group 7").doesNotContain("drop");

    Ended unclear = engine("maybe", "true");
    assertThat(unclear.code()).isEqualTo(1);
    assertThat(unclear.said()).contains("denied or allowed").doesNotContain("started");
  }

  /** The script in a network of its own, with another program in the engine's place. */
  private Ended engine(String egress, String look) throws Exception {
    Path programs = Files.createDirectories(home.resolve("programs"));
    Path entrypoint = programs.resolve("dagger-entrypoint.sh");
    Files.writeString(entrypoint, "#!/bin/sh\n" + look + "\necho started \"$@\"\n");
    Files.setPosixFilePermissions(entrypoint, PosixFilePermissions.fromString("rwxr-xr-x"));
    String path = programs + ":" + System.getenv("PATH") + ":/usr/sbin";
    List<String> command = List.of("unshare", "-r", "-n", "sh", "dagger/engine.sh", "--group", "7");
    return run(
        Map.of("DROVER_ENGINE_EGRESS", egress, "PATH", path), command.toArray(String[]::new));
  }
}
