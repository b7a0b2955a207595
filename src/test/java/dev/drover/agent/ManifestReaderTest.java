package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agent.AgentManifest.ArtifactLimits;
import dev.drover.agent.AgentManifest.Effect;
import dev.drover.agent.AgentManifest.EnvValue;
import dev.drover.agent.AgentManifest.Limits;
import dev.drover.agent.AgentManifest.Mount;
import dev.drover.agent.AgentManifest.Network;
import dev.drover.agent.AgentManifest.Warm;
import dev.drover.egress.HostRule;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestReaderTest {
  @Test
  void aManifestThatSaysEverythingIsRead() {
    AgentManifest full = good("full");

    assertThat(full.name().value()).isEqualTo("full");
    assertThat(full.description()).startsWith("Says everything");
    assertThat(full.program().command()).hasSize(5).contains("${agents.classpath}");
    assertThat(full.program().image()).contains("eclipse-temurin:25-jre");
    assertThat(full.effect()).isEqualTo(Effect.ONCE);
    assertThat(full.limits())
        .isEqualTo(
            new Limits(
                Duration.ofMinutes(90), 1L << 30, 0.5, 7, 99, 64L << 20, 2L << 20, 64L << 10));
    assertThat(full.access().network()).isEqualTo(new Network.Any());
    assertThat(full.access().mounts()).containsExactly(new Mount("target", "/work/source", false));
    assertThat(full.access().env())
        .containsExactly(
            Map.entry("MODE", new EnvValue.Plain("strict")),
            Map.entry("COUNT", new EnvValue.Plain("5")),
            Map.entry("TOKEN", new EnvValue.Secret("GITHUB_TOKEN")));
    assertThat(full.cost())
        .isEqualTo(new AgentCost(new BigDecimal("0.002"), new BigDecimal("0.01")));
    assertThat(full.selfTest().orElseThrow().expect()).isEqualTo(Map.of("found", 0L));
    assertThat(full.input().validate(Map.of())).isNotEmpty();
    assertThat(full.hash()).hasSize(64);
  }

  @Test
  void whatAManifestDoesNotSayHasSaneDefaults() {
    AgentManifest least = good("least");

    assertThat(least.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(least.effect()).isEqualTo(Effect.IDEMPOTENT);
    assertThat(least.cost().isNone()).isTrue();
    assertThat(least.access().network()).isEqualTo(new Network.None());
    assertThat(least.access().mounts()).isEmpty();
    assertThat(least.selfTest()).isEmpty();
    assertThat(least.input().validate(Map.of("any", 1L))).isEmpty();
    assertThat(least.output().validate("anything")).isEmpty();
    assertThat(least.output().validate(null)).isEmpty();
    assertThat(least.home()).isAbsolute();
  }

  @Test
  void aListOfHostsIsRead() {
    assertThat(good("hosts").access().network())
        .isInstanceOfSatisfying(
            Network.Hosts.class,
            hosts ->
                assertThat(hosts.list().rules())
                    .hasSize(7)
                    .startsWith(
                        new HostRule.Name("api.example.org", false, OptionalInt.empty()),
                        new HostRule.Name("example.org", true, OptionalInt.of(443)))
                    .endsWith(new HostRule.Name("db", false, OptionalInt.empty())));
  }

  @Test
  void whoLeavesFilesSaysSoAndMaySayHowMuch() {
    assertThat(good("least").artifacts()).isEmpty();
    assertThat(good("leaves-files").artifacts()).contains(new ArtifactLimits(5L << 20, 3));
  }

  @Test
  void warmProcessesAreKeptAsTheManifestSays() {
    assertThat(good("least").warm()).isEmpty();
    assertThat(good("warm").warm()).contains(Warm.DEFAULT);
    assertThat(good("warm-in-detail").warm()).contains(new Warm(50, Duration.ofMinutes(1), 2));
  }

  @Test
  void aFolderWithoutAManifestIsAProblem() {
    ManifestReader.Result result = ManifestReader.read(folder("good"));

    assertThat(result.manifest()).isEmpty();
    assertThat(result.problems()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultyManifestIsReportedWithAllItsProblems(Path fault) throws IOException {
    ManifestReader.Result result = ManifestReader.read(fault);

    assertThat(result.manifest()).isEmpty();
    assertThat(Problem.lines(result.problems()))
        .isEqualTo(Files.readString(fault.resolve("problems.txt")).strip());
  }

  static List<Path> faults() throws IOException {
    try (Stream<Path> all = Files.list(folder("bad"))) {
      return all.sorted().toList();
    }
  }

  private static AgentManifest good(String name) {
    ManifestReader.Result result = ManifestReader.read(folder("good").resolve(name));
    assertThat(result.problems()).isEmpty();
    return result.manifest().orElseThrow();
  }

  private static Path folder(String name) {
    URL url = Objects.requireNonNull(ManifestReaderTest.class.getResource("/agents/" + name));
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
