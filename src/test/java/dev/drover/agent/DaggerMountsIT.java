package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.drover.agent.Preparation.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to an engine as it is can't leave a part of it out. */
class DaggerMountsIT {
  @TempDir Path folder;
  private Path root;
  private Preparation preparation;

  @BeforeEach
  void makeARootWithTheServersOwnFolder() throws Exception {
    root = folder.toRealPath().resolve("project");
    Files.createDirectories(root.resolve("state/postgres"));
    Files.createDirectories(root.resolve("src"));
    RuntimeSettings settings =
        new RuntimeSettings(
            new RuntimeSettings.Libraries(List.of(), Optional.empty()),
            List.of(root),
            Secrets.NONE,
            1,
            Clock.systemUTC(),
            Duration.ofSeconds(8),
            List.of(root.resolve("state")));
    preparation = new Preparation(new DaggerLaunch(List.of()), settings, ClassArchives.NONE);
  }

  @Test
  void aFolderThatHoldsTheServersOwnIsNotSent() throws Exception {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> prepare("."))
        .withMessageContaining("holds the server's own data")
        .withMessageContaining("dagger")
        .satisfies(refused -> assertThat(refused.type()).isEqualTo(FailureType.MOUNT_REFUSED));
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> prepare("state/postgres"))
        .withMessageContaining("belongs to the server itself");

    prepare("src").discard();
  }

  private Preparation.Prepared prepare(String target) throws Refused {
    AgentManifest reader =
        TestAgent.in(folder, "reader")
            .with("image: alpine:3.20\nmounts: [ { input: target, as: /work/in } ]")
            .script("cat")
            .read();
    AttemptIdentity identity = new AttemptIdentity("run", "node", 1, "run/node", Optional.empty());
    return preparation.prepare(
        new AttemptRequest(
            reader, Map.of("target", target), root, Duration.ofSeconds(1), identity, LogSink.NONE));
  }
}
