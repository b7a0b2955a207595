package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.agents.kit.Trial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpChannelsIT {

  private static final String SECRET = "T00-S3CRET";

  private HttpReceiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new HttpReceiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void webhookGetsTheMessageWithKeyAndTrace() throws Exception {
    Trial trial =
        Samples.run(
            "{'channel':'webhook','title':'Größe 📈','text':'a {{env:HOME}} ${body} b','severity':'critical',"
                + "'fields':{'CamelHttpUri':'http://evil.example','n':1},'url':'"
                + receiver.url("/200/in")
                + "'}",
            Map.of(
                "DROVER_RUN", "r1",
                "DROVER_NODE", "tell",
                "DROVER_IDEMPOTENCY_KEY", "r1/tell/0",
                "TRACEPARENT", Samples.TRACEPARENT));

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(receiver.received).hasSize(1);
    HttpReceiver.Received got = receiver.received.get(0);
    assertThat(got.method()).isEqualTo("POST");
    assertThat(got.headers().getFirst("Content-Type")).startsWith("application/json");
    assertThat(got.headers().getFirst("Idempotency-Key")).isEqualTo("r1/tell/0");
    assertThat(got.headers().getFirst("traceparent")).isEqualTo(Samples.TRACEPARENT);
    assertThat(got.body().path("title").asText()).isEqualTo("Größe 📈");
    assertThat(got.body().path("text").asText()).isEqualTo("a {{env:HOME}} ${body} b");
    assertThat(got.body().path("fields").path("n").isInt()).isTrue();
    assertThat(got.body().path("run").asText()).isEqualTo("r1");
    assertThat(trial.receipt().path("status").asInt()).isEqualTo(200);
    assertThat(trial.receipt().path("target").asText()).isEqualTo("127.0.0.1");
  }

  @Test
  void slackGetsItsOwnJson() {
    Trial trial = trial("slack", receiver.url("/204/services/T/B/X"), 10);

    assertThat(trial.exit()).isZero();
    JsonNode body = receiver.received.get(0).body();
    assertThat(body.path("text").asText()).isEqualTo("[INFO] t");
    assertThat(body.path("attachments")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/200/a%2Fb?x=1%262&y=a+b%20c&x=3",
    "/200/RAW(x)?q=RAW(1)&sig=ab%3D%3D",
    "/200//double/./dot;v=1?",
    "/200/?bridgeEndpoint=false&throwExceptionOnFailure=true"
  })
  void addressArrivesAsItWasGiven(String pathAndQuery) {
    Trial trial = trial("webhook", receiver.url(pathAndQuery), 10);

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(receiver.received.get(0).target()).isEqualTo(pathAndQuery);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 1",
    "401, 1",
    "403, 1",
    "404, 1",
    "410, 1",
    "413, 1",
    "422, 1",
    "redirect, 1",
    "408, 75",
    "425, 75",
    "429, 75",
    "500, 75",
    "502, 75",
    "503, 75",
    "504, 75"
  })
  void refusalGivesTheExitCodeAfterOneRequestAndKeepsTheSecret(String answer, int exit) {
    Trial trial = trial("slack", receiver.url("/" + answer + "/" + SECRET + "?key=" + SECRET), 10);

    assertThat(trial.exit()).isEqualTo(exit);
    assertThat(receiver.received).hasSize(1);
    assertThat(trial.output()).isEmpty();
    assertThat(trial.lastLogLine())
        .contains("127.0.0.1 answered HTTP " + (answer.equals("redirect") ? "302" : answer));
    assertThat(trial.log()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource({"hang", "drip"})
  void receiverThatDoesNotFinishIsGivenUpInTime(String how) {
    long start = System.nanoTime();

    Trial trial = trial("webhook", receiver.url("/" + how + "/" + SECRET), 1);

    assertThat(trial.exit()).as(trial.log()).isEqualTo(75);
    assertThat(System.nanoTime() - start).isLessThan(3_000_000_000L);
    assertThat(trial.lastLogLine()).contains("temporary failure: 127.0.0.1 did not");
    assertThat(trial.log()).doesNotContain(SECRET);
  }

  @Test
  void refusedConnectionMayBeTriedAgain() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    Trial trial = trial("webhook", "http://127.0.0.1:" + free + "/" + SECRET, 10);

    assertThat(trial.exit()).isEqualTo(75);
    assertThat(trial.lastLogLine()).contains("can't be connected to");
    assertThat(trial.log()).doesNotContain(SECRET);
  }

  @Test
  void httpsToAPortThatSpeaksSomethingElseIsFinal() throws IOException {
    try (ScriptedSmtp other = new ScriptedSmtp(Map.of(), null)) {
      Trial trial = trial("webhook", "https://127.0.0.1:" + other.port() + "/" + SECRET, 5);

      assertThat(trial.exit()).as(trial.log()).isEqualTo(1);
      assertThat(trial.lastLogLine()).contains("no TLS connection with 127.0.0.1");
    }
  }

  private static Trial trial(String channel, String url, int timeout) {
    String json =
        "{'channel':'" + channel + "','title':'t','url':'" + url + "','timeout':" + timeout + "}";
    return Samples.run(json, Map.of());
  }
}
