package dev.drover.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionSourceTest {
  @Test
  void aRunningSessionComesFirstAndItsTokenIsNotPrinted() {
    SessionSource source =
        SessionSource.find(
            Map.of(
                "DAGGER_SESSION_PORT", "4000",
                "DAGGER_SESSION_TOKEN", "t0k3n",
                "_EXPERIMENTAL_DAGGER_CLI_BIN", "/bin/sh"));

    assertThat(source).isEqualTo(new SessionSource.Running(4000, "t0k3n"));
    assertThat(source.toString()).doesNotContain("t0k3n");
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThat(reason(Map.of("DAGGER_SESSION_PORT", "x", "DAGGER_SESSION_TOKEN", "t")))
        .contains("DAGGER_SESSION_PORT = \"x\"");
    assertThat(reason(Map.of("_EXPERIMENTAL_DAGGER_CLI_BIN", "/no/such")))
        .contains("/no/such", "not an executable");
    assertThat(reason(Map.of("PATH", "/no/such:relative"))).contains("not found on the PATH");
    assertThat(reason(Map.of("PATH", "", "DAGGER_SESSION_PORT", "4000"))).contains("PATH");
  }

  private static String reason(Map<String, String> environment) {
    return ((SessionSource.Missing) SessionSource.find(environment)).reason();
  }

  @Test
  void aTraceparentIsTakenIfItIsValid() {
    String valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    assertThat(Trace.of(valid).orElseThrow().header()).isEqualTo(valid);
    assertThat(Trace.of("00-abc-def-01")).isEmpty();
    assertThat(Trace.of("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")).isEmpty();
    assertThat(Trace.of(Trace.fresh(new SecureRandom()).header())).isPresent();
  }
}
