package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agents.kit.Certificate;
import dev.drover.agents.kit.Trial;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIT {

  @TempDir Path directory;

  @Test
  void logLeavesOneDocumentOnOutputAndOneLineOfMessageInTheLog() throws Exception {
    Trial trial =
        Samples.process(
            "{'channel':'log','title':'Größe','text':'{} ${env:HOME}\\n{{env:HOME}}','severity':'resolved'}",
            Map.of());

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.output()).hasLineCount(1);
    assertThat(trial.receipt().path("channel").asText()).isEqualTo("log");
    assertThat(trial.receipt().path("delivered").asBoolean()).isTrue();
    assertThat(trial.receipt().path("target").asText()).isEqualTo("stderr");
    assertThat(trial.receipt().has("status")).isFalse();
    assertThat(trial.log().lines())
        .hasSize(2)
        .first()
        .isEqualTo("[RESOLVED] Größe: {} ${env:HOME} {{env:HOME}}");
  }

  @Test
  void secretAddressFromTheEnvironmentIsUsedAndNeverPrinted() throws Exception {
    try (HttpReceiver receiver = new HttpReceiver()) {
      Map<String, String> secret = Map.of("NOTIFIER_URL", receiver.url("/200/S3CRET?k=S3CRET"));

      Trial trial = Samples.process("{'channel':'slack','title':'t'}", secret);

      assertThat(trial.exit()).as(trial.log()).isZero();
      assertThat(trial.output()).hasLineCount(1);
      assertThat(trial.receipt().path("status").asInt()).isEqualTo(200);
      assertThat(receiver.received.get(0).target()).isEqualTo("/200/S3CRET?k=S3CRET");
      assertThat(trial.output() + trial.log()).doesNotContain("S3CRET");
    }
  }

  @Test
  void temporaryFailureEndsWith75AndPrintsNothing() throws Exception {
    try (HttpReceiver receiver = new HttpReceiver()) {
      Trial trial =
          Samples.process(
              "{'channel':'webhook','title':'t','url':'" + receiver.url("/503/S3CRET") + "'}",
              Map.of());

      assertThat(trial.exit()).isEqualTo(75);
      assertThat(trial.output()).isEmpty();
      assertThat(trial.log().lines())
          .containsExactly(
              "sending by webhook to 127.0.0.1",
              "temporary failure: 127.0.0.1 answered HTTP 503, asking to wait 30 s");
    }
  }

  @Test
  void hangingReceiverDoesNotKeepTheProcessAlive() throws Exception {
    try (HttpReceiver receiver = new HttpReceiver()) {
      Trial trial =
          Samples.process(
              "{'channel':'webhook','title':'t','timeout':1,'url':'" + receiver.url("/drip") + "'}",
              Map.of());

      assertThat(trial.exit()).isEqualTo(75);
    }
  }

  @Test
  void badInputEndsWith65AndSaysWhatToMend() throws Exception {
    Trial trial = Samples.process("{'channel':'log','titel':'t'}", Map.of());

    assertThat(trial.exit()).isEqualTo(65);
    assertThat(trial.output()).isEmpty();
    assertThat(trial.lastLogLine()).startsWith("bad input: unknown field \"titel\"");
  }

  @Test
  void httpsIsSpokenWithATrustedCertificateOnly() throws Exception {
    Certificate certificate = Certificate.forHost("localhost", directory);
    try (HttpReceiver receiver = HttpReceiver.encrypted(certificate.server())) {
      String json = "{'channel':'webhook','title':'t','url':'" + receiver.url("/200/S3CRET") + "'}";

      Trial trusting = Samples.process(json, Map.of(), certificate.trusted());
      Trial mistrusting = Samples.process(json, Map.of());

      assertThat(trusting.exit()).as(trusting.log()).isZero();
      assertThat(trusting.receipt().path("target").asText()).isEqualTo("localhost");
      assertThat(mistrusting.exit()).as(mistrusting.log()).isEqualTo(1);
      assertThat(mistrusting.lastLogLine()).contains("no TLS connection with localhost");
      assertThat(receiver.received).hasSize(1);
    }
  }

  @Test
  void theProxyThatTheRuntimeSetsIsUsed() throws Exception {
    try (HttpReceiver proxy = new HttpReceiver()) {
      String port = proxy.url("").replaceAll(".*:", "");

      Trial trial =
          Samples.process(
              "{'channel':'webhook','title':'t','url':'http://outside.invalid/200/in'}",
              Map.of(),
              "-Dhttp.proxyHost=127.0.0.1",
              "-Dhttp.proxyPort=" + port);

      assertThat(trial.exit()).as(trial.log()).isZero();
      assertThat(proxy.received.get(0).target()).isEqualTo("http://outside.invalid/200/in");
    }
  }

  @Test
  void mailIsEncryptedAndLoggedInWhenTheCertificateIsTrusted() throws Exception {
    Certificate certificate = Certificate.forHost("localhost", directory);
    try (ScriptedSmtp server = new ScriptedSmtp(Map.of(), certificate.server())) {
      Trial trial = mailByTls(server, certificate);

      assertThat(trial.exit()).as(trial.log()).isZero();
      assertThat(server.heard).contains("STARTTLS").anyMatch(line -> line.startsWith("AUTH PLAIN"));
      assertThat(server.heard.indexOf("STARTTLS"))
          .isLessThan(server.heard.indexOf("MAIL FROM:<a@a.example>"));
      assertThat(trial.log()).doesNotContain("S3CRET", "warning");
    }
  }

  @Test
  void certificateOfAnotherHostIsRefusedBeforeThePasswordIsSent() throws Exception {
    Certificate certificate = Certificate.forHost("elsewhere.example", directory);
    try (ScriptedSmtp server = new ScriptedSmtp(Map.of(), certificate.server())) {
      Trial trial = mailByTls(server, certificate);

      assertThat(trial.exit()).as(trial.log()).isEqualTo(1);
      assertThat(trial.lastLogLine()).contains("no TLS connection with localhost");
      assertThat(server.heard).noneMatch(line -> line.startsWith("AUTH"));
    }
  }

  private static Trial mailByTls(ScriptedSmtp server, Certificate certificate) throws Exception {
    return Samples.process(
        "{'channel':'email','title':'t','smtp':{'host':'localhost','port':"
            + server.port()
            + ",'username':'drover','from':'a@a.example'},'to':['b@b.example']}",
        Map.of("NOTIFIER_SMTP_PASSWORD", "S3CRET"),
        certificate.trusted());
  }
}
