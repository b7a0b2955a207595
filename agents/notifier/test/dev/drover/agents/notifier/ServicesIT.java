package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.agents.kit.Trial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slack's API, PagerDuty, Teams and signed webhooks, against a receiver on this host. */
class ServicesIT {
  private static final String TOKEN = "xoxb-S3CRET";

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
  void theMessagesOfAnAlertLandInTheThreadOfTheFirst() throws Exception {
    receiver.answer("{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1700000000.000100\"}");
    Trial first = slack("");
    receiver.answer("{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1700000009.000200\"}");
    Trial second = slack(",'thread':'" + first.receipt().path("thread").asText() + "'");

    assertThat(first.exit()).as(first.log()).isZero();
    assertThat(second.receipt().path("thread").asText()).isEqualTo("1700000000.000100");
    HttpReceiver.Received asked = receiver.received.get(0);
    assertThat(asked.headers().getFirst("Authorization")).isEqualTo("Bearer " + TOKEN);
    assertThat(asked.body().path("channel").asText()).isEqualTo("#ops");
    assertThat(asked.body().path("blocks").isArray()).isTrue();
    assertThat(asked.body().has("thread_ts")).isFalse();
    assertThat(receiver.received.get(1).body().path("thread_ts").asText())
        .isEqualTo("1700000000.000100");
    assertThat(first.log() + second.log()).doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @CsvSource({
    "channel_not_found, 1, invite the app",
    "invalid_auth, 1, check the token",
    "missing_scope, 1, chat:write",
    "S3CRET xoxb, 1, an unknown error",
    "ratelimited, 75, answered ratelimited",
    "internal_error, 75, answered internal_error"
  })
  void slacksRefusalsAreToldByTheAnswerNotTheStatus(String error, int exit, String words) {
    receiver.answer("{\"ok\":false,\"error\":\"" + error + "\"}");

    Trial trial = slack("");

    assertThat(trial.exit()).as(trial.log()).isEqualTo(exit);
    assertThat(trial.output()).isEmpty();
    assertThat(trial.lastLogLine()).contains(words);
    assertThat(trial.log()).doesNotContain("S3CRET");
  }

  @Test
  void anAnswerThatIsNotSlacksIsNotBelieved() {
    receiver.answer("<html>welcome</html>" + "x".repeat(200_000));
    assertThat(slack("").lastLogLine()).contains("did not answer as Slack does");
  }

  @Test
  void aRateLimitMayBeTriedAgainAndItsWaitIsSaid() {
    Map<String, String> environment =
        Map.of(
            "NOTIFIER_SLACK_API",
            receiver.url("/429/api"),
            "NOTIFIER_SLACK_TOKEN",
            TOKEN,
            "NOTIFIER_PAGERDUTY_API",
            receiver.url("/429/v2"),
            "NOTIFIER_PAGERDUTY_KEY",
            "k",
            "NOTIFIER_URL",
            receiver.url("/429/hook"));
    for (String channel :
        new String[] {"slack','slackChannel':'C1", "pagerduty", "teams", "slack"}) {
      Trial trial = Samples.run("{'channel':'" + channel + "','title':'t'}", environment);
      assertThat(trial.exit()).as(trial.log()).isEqualTo(75);
      assertThat(trial.lastLogLine()).contains("HTTP 429, asking to wait 30 s");
    }
  }

  @Test
  void pagerDutyGetsOneAlertForAThreadAndResolvesIt() throws Exception {
    Trial trigger =
        pagerDuty(
            ",'severity':'critical','threadKey':'disk db-1','source':'db-1','text':'full','fields':{'n':1}");
    Trial acknowledge = pagerDuty(",'action':'acknowledge','threadKey':'disk db-1'");
    Trial resolve = pagerDuty(",'severity':'resolved','threadKey':'disk db-1'");

    assertThat(trigger.exit()).as(trigger.log()).isZero();
    assertThat(trigger.receipt().path("thread").asText()).isEqualTo("disk db-1");
    JsonNode event = receiver.received.get(0).body();
    assertThat(event.path("routing_key").asText()).isEqualTo("S3CRET-key");
    assertThat(event.path("event_action").asText()).isEqualTo("trigger");
    assertThat(event.at("/payload/severity").asText()).isEqualTo("critical");
    assertThat(event.at("/payload/source").asText()).isEqualTo("db-1");
    assertThat(event.at("/payload/custom_details/n").asInt()).isEqualTo(1);
    assertThat(event.at("/payload/custom_details/text").asText()).isEqualTo("full");
    assertThat(receiver.received)
        .extracting(got -> got.body().path("event_action").asText())
        .containsExactly("trigger", "acknowledge", "resolve");
    assertThat(receiver.received)
        .extracting(got -> got.body().path("dedup_key").asText())
        .containsOnly("disk db-1");
    assertThat(trigger.log() + acknowledge.log() + resolve.log()).doesNotContain("S3CRET");
  }

  @Test
  void withoutAThreadTheAttemptsOfOneNodeAreOneAlert() {
    Map<String, String> environment = new HashMap<>(pagerDutyEnvironment());
    environment.put("DROVER_IDEMPOTENCY_KEY", "r1/tell/" + "x".repeat(300));
    Samples.run("{'channel':'pagerduty','title':'t'}", environment);
    Samples.run("{'channel':'pagerduty','title':'t'}", environment);

    assertThat(receiver.received)
        .extracting(got -> got.body().path("dedup_key").asText())
        .hasSize(2)
        .allMatch(key -> key.matches("[0-9a-f]{40}"))
        .satisfies(keys -> assertThat(keys.get(0)).isEqualTo(keys.get(1)));
  }

  @Test
  void teamsGetsACard() throws Exception {
    Trial trial =
        Samples.run(
            "{'channel':'teams','title':'t','url':'" + receiver.url("/202/flow") + "'}", Map.of());
    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.receipt().path("status").asInt()).isEqualTo(202);
    assertThat(receiver.received.get(0).body().at("/attachments/0/content/type").asText())
        .isEqualTo("AdaptiveCard");
  }

  @Test
  void aWebhookIsSignedSoThatTheReceiverCanTellWhoSentItAndWhen() throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    String json =
        "{'channel':'webhook','title':'Größe','threadKey':'k','url':'"
            + receiver.url("/200/in")
            + "'}";

    Trial.inProcess(new Notifier(clock), json, Map.of("NOTIFIER_HMAC_KEY", "S3CRET"));
    Trial unsigned = Samples.run(json, Map.of());

    HttpReceiver.Received got = receiver.received.get(0);
    assertThat(got.headers().getFirst("X-Drover-Timestamp")).isEqualTo("1700000000");
    assertThat(got.headers().getFirst("X-Drover-Signature"))
        .isEqualTo("sha256=" + hmac("1700000000." + got.text(), "S3CRET"));
    assertThat(got.body().path("threadKey").asText()).isEqualTo("k");
    assertThat(unsigned.exit()).isZero();
    assertThat(receiver.received.get(1).headers().getFirst("X-Drover-Signature")).isNull();
  }

  private static String hmac(String text, String key) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Trial slack(String more) {
    return Samples.run(
        "{'channel':'slack','title':'t','slackChannel':'#ops'" + more + "}",
        Map.of(
            "NOTIFIER_SLACK_API",
            receiver.url("/200/api/chat.postMessage"),
            "NOTIFIER_SLACK_TOKEN",
            TOKEN));
  }

  private Map<String, String> pagerDutyEnvironment() {
    return Map.of(
        "NOTIFIER_PAGERDUTY_API",
        receiver.url("/202/v2/enqueue"),
        "NOTIFIER_PAGERDUTY_KEY",
        "S3CRET-key");
  }

  private Trial pagerDuty(String more) {
    return Samples.run("{'channel':'pagerduty','title':'t'" + more + "}", pagerDutyEnvironment());
  }
}
