package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server does not start with, and what it says then: a reason, not a stack trace. */
class ServeRefusalIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path folder;

  @AfterEach
  void endPostgres() throws IOException {
    ServeProcess.stopPostgres(folder.resolve("data"));
  }

  @Test
  void anOpenAddressWithoutAuthenticationIsRefused() {
    assertThat(refusal(1, "--bind", "0.0.0.0"))
        .contains("listening on 0.0.0.0 needs authentication: set DROVER_AUTH_TOKEN")
        .doesNotContain("\tat ");
  }

  @Test
  void aPortInUseIsNamedAndNothingIsLeftBehind() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThat(refusal(1, "--port", port))
          .contains("Port " + port + " was already in use")
          .doesNotContain("\tat ");
    }
    assertThat(folder.resolve("data/postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void anUnknownOptionIsNamedWithWhatIsMeant() {
    assertThat(refusal(2, "--prot", "9002")).contains("Unknown options: '--prot'", "--port");
  }

  @Test
  void anUnknownRuntimeIsAnsweredWithThoseThatThereAre() {
    assertThat(refusal(2, "--runtime", "docker"))
        .contains("'--runtime'", "expected one of [AUTO, SANDBOX, PROCESS, DAGGER]", "was 'docker'")
        .doesNotContain("\tat ");
  }

  @Test
  void aDatabaseThatCannotBeReachedIsNamedWithoutItsPassword() {
    assertThat(refusal(1, "--db-url", "jdbc:postgresql://127.0.0.1:1/drover?password=hush"))
        .contains("the database at jdbc:postgresql://127.0.0.1:1/drover can't be used")
        .contains("check --db-url")
        .doesNotContain("\tat ", "hush");
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    assertThat(refusal(1, "--data-dir", file.resolve("data").toString()))
        .contains("the data directory " + file.resolve("data") + " can't be used")
        .doesNotContain("\tat ");
  }

  /** What a start prints that must end by itself, with an exit code. */
  private static String refusal(int code, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    addUnlessGiven(all, "--port", String.valueOf(ServeProcess.freePort()));
    addUnlessGiven(all, "--metrics-port", String.valueOf(ServeProcess.freePort()));
    addUnlessGiven(all, "--data-dir", "data");
    try (ServeProcess server = ServeProcess.start(folder, Map.of(), all.toArray(String[]::new))) {
      assertThat(server.awaitExit(SOON)).as(server.output()).isEqualTo(code);
      return server.output();
    }
  }

  private static void addUnlessGiven(List<String> options, String name, String value) {
    if (!options.contains(name)) {
      options.addAll(List.of(name, value));
    }
  }
}
