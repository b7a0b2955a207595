package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertmanagerBodyTest {
  static Stream<String> captured() {
    return AlertFixtures.CAPTURED.stream();
  }

  @ParameterizedTest
  @MethodSource("captured")
  void everyCapturedBodyIsReadWhole(String name) {
    AlertmanagerBody body = read(AlertFixtures.captured(name));

    assertThat(body.unreadable()).isEmpty();
    assertThat(body.alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              assertThat(alert.identity()).matches("[0-9a-f]{16}");
              assertThat(alert.labels()).containsKey("alertname");
              assertThat(alert.startsAt()).isBefore(NOW);
              assertThat(alert.generatorUrl()).startsWith("http");
              if (alert.status() == AlertStatus.FIRING) {
                assertThat(alert.endsAt()).isNull();
              } else {
                assertThat(alert.endsAt()).isAfterOrEqualTo(alert.startsAt());
              }
            });
    assertThat(body.group().key()).startsWith("{}");
    assertThat(body.group().externalUrl()).startsWith("http");
  }

  @Test
  void anAlertsOwnStatusCountsNotItsGroups() {
    AlertmanagerBody mixed =
        read(AlertFixtures.captured("06-group-50-mixed-30-firing-20-resolved"));

    assertThat(mixed.alerts()).filteredOn(a -> a.status() == AlertStatus.FIRING).hasSize(30);
    assertThat(mixed.alerts()).filteredOn(a -> a.status() == AlertStatus.RESOLVED).hasSize(20);
  }

  @Test
  void receiverIsUnquoted() {
    AlertmanagerBody body = read(AlertFixtures.captured("16-receiver-name-regexp-quoted"));

    assertThat(body.group().receiver()).isEqualTo("ops.team/prod+1 (EU)");
  }

  @Test
  void unicodeArrivesAsItWasSent() {
    Alert alert = read(AlertFixtures.captured("10-unicode-firing")).alerts().get(0);

    assertThat(alert.labels())
        .containsEntry("emoji", "🔥")
        .containsEntry("name", "データベース-β")
        .containsEntry("path", "C:\\tmp\\x \"q\"");
    assertThat(alert.annotations().get("nl")).contains("\n").contains("<b>html</b> & amp");
  }

  @Test
  void grafanasSupersetIsRead() {
    AlertmanagerBody body =
        read(
            """
            {"receiver":"grafana","status":"firing","orgId":1,"state":"alerting","title":"t",
             "message":"m","version":"1","groupKey":"k","truncatedAlerts":0,
             "alerts":[{"status":"firing","labels":{"alertname":"High"},"annotations":{},
               "startsAt":"2026-11-21T18:00:00+01:00","endsAt":"0001-01-01T00:00:00Z",
               "values":{"A":1.5,"B":[1,{"x":null}]},"valueString":"[ var='A' ]","silenceURL":"s",
               "dashboardURL":"","panelURL":"","imageURL":null,"fingerprint":"c6eadffa33fcdf37"}]}
            """);

    assertThat(body.alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.identity()).isEqualTo("c6eadffa33fcdf37");
              assertThat(alert.startsAt()).isEqualTo(Instant.parse("2026-11-21T17:00:00Z"));
            });
  }

  @Test
  void anEmptyAlertInAnEmptyEnvelopeFires() {
    AlertmanagerBody body = read("{\"alerts\":[{}]}");

    assertThat(body.alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.status()).isEqualTo(AlertStatus.FIRING);
              assertThat(alert.startsAt()).isEqualTo(NOW);
              assertThat(alert.endsAt()).isNull();
              assertThat(alert.labels()).isEmpty();
              assertThat(alert.annotations()).isEmpty();
              assertThat(alert.generatorUrl()).isNull();
              assertThat(alert.identity()).matches("[0-9a-f]{64}");
            });
    assertThat(body.group()).isEqualTo(new AlertGroup("", "", Map.of(), Map.of(), Map.of(), ""));
  }

  @Test
  void nullEverywhereIsAsIfMissing() {
    AlertmanagerBody body =
        read(
            """
            {"receiver":null,"status":null,"groupKey":null,"groupLabels":null,"commonLabels":null,
             "commonAnnotations":null,"externalURL":null,"version":null,"truncatedAlerts":null,
             "alerts":[{"status":null,"labels":null,"annotations":null,"startsAt":null,
               "endsAt":null,"generatorURL":null,"fingerprint":null}]}
            """);

    assertThat(body.alerts()).isEqualTo(read("{\"alerts\":[{}]}").alerts());
  }

  @ParameterizedTest
  @CsvSource({
    "firing, firing, FIRING",
    "resolved, firing, FIRING",
    "firing, resolved, RESOLVED",
    "resolved, '', RESOLVED",
    "resolved, , RESOLVED",
    "FIRING, Resolved, RESOLVED",
    "'', '', FIRING",
    "alerting, , FIRING"
  })
  void statusIsTheAlertsThenTheEnvelopes(String envelope, String own, AlertStatus expected) {
    String status = own == null ? "" : "\"status\":\"" + own + "\"";

    // The envelope's status can come after the alerts.
    AlertmanagerBody body = read("{\"alerts\":[{" + status + "}],\"status\":\"" + envelope + "\"}");

    assertThat(body.alerts()).singleElement().extracting(Alert::status).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T16:59:59Z, RESOLVED",
    "2026-11-21T17:00:01Z, FIRING",
    "0001-01-01T00:00:00Z, FIRING"
  })
  void withoutAnyStatusTheEndDecides(String endsAt, AlertStatus expected) {
    AlertmanagerBody body = read("{\"alerts\":[{\"endsAt\":\"" + endsAt + "\"}]}");

    assertThat(body.alerts()).singleElement().extracting(Alert::status).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T16:13:31.496Z, 2026-11-21T16:13:31.496Z",
    "2026-11-21T16:13:31Z, 2026-11-21T16:13:31Z",
    "2026-11-21T16:13:31.123456789Z, 2026-11-21T16:13:31.123456Z",
    "2026-11-21T16:13:31.123456789+05:30, 2026-11-21T10:43:31.123456Z",
    "2026-11-21T16:13:31-11:00, 2026-11-22T03:13:31Z",
    "2026-11-21t16:13:31z, 2026-11-21T16:13:31Z",
    "2026-11-21T16:13:31+0200, 2026-11-21T14:13:31Z",
    "0001-01-01T00:00:00Z, 2026-11-21T17:00:00Z",
    "0001-01-01T00:00:00.000000000Z, 2026-11-21T17:00:00Z",
    "0001-01-01T00:00:00+01:00, 2026-11-21T17:00:00Z",
    "'', 2026-11-21T17:00:00Z"
  })
  void timesHaveAnyFractionAndOffset(String startsAt, Instant expected) {
    AlertmanagerBody body = read("{\"alerts\":[{\"startsAt\":\"" + startsAt + "\"}]}");

    assertThat(body.alerts()).singleElement().extracting(Alert::startsAt).isEqualTo(expected);
  }

  @Test
  void valuesThatAreNoTextBecomeText() {
    Alert alert =
        read("""
                {"alerts":[{"labels":{"a":1,"b":true,"c":null,"d":1.50,"e":1e400},
                  "annotations":{"n":-0.10,"o":{"x":[1, 2]},"l":["a"],"z":null,"s":"${env:HOME}"}}]}
                """)
            .alerts()
            .get(0);

    assertThat(alert.labels())
        .containsExactly(
            Map.entry("a", "1"),
            Map.entry("b", "true"),
            Map.entry("c", ""),
            Map.entry("d", "1.50"),
            Map.entry("e", "1e400"));
    assertThat(alert.annotations())
        .containsExactly(
            Map.entry("n", "-0.10"),
            Map.entry("o", "{\"x\":[1, 2]}"),
            Map.entry("l", "[\"a\"]"),
            Map.entry("z", ""),
            Map.entry("s", "${env:HOME}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"down\"",
        "17",
        "null",
        "[{\"status\":\"firing\"}]",
        "{\"labels\":\"alertname=x\"}",
        "{\"labels\":[\"alertname\"]}",
        "{\"labels\":{\"a\":{\"b\":\"c\"}}}",
        "{\"labels\":{\"a\":[]}, \"fingerprint\":\"abc\"}",
        "{\"status\":\"pending\"}",
        "{\"startsAt\":\"yesterday\"}",
        "{\"startsAt\":\"2026-11-21T16:13:31\"}",
        "{\"startsAt\":1763741611}",
        "{\"endsAt\":{\"seconds\":1}}",
        "{\"endsAt\":\"+999999999-12-31T23:59:59-18:00\"}",
        "{\"endsAt\":\"+12026-11-21T16:13:31Z\"}"
      })
  void aBadAlertIsKeptWithItsTextAndTheOthersGoOn(String bad) {
    AlertmanagerBody body =
        read(
            "{\"alerts\": [ {\"fingerprint\":\"first\"} ,  "
                + bad
                + "\n , {\"fingerprint\":\"last\"}]}");

    assertThat(body.alerts()).extracting(Alert::identity).containsExactly("first", "last");
    assertThat(body.unreadable())
        .singleElement()
        .satisfies(
            unreadable -> {
              assertThat(unreadable.index()).isEqualTo(1);
              assertThat(unreadable.raw()).isEqualTo(bad);
              assertThat(unreadable.reason()).isNotBlank();
            });
    assertThat(body.size()).isEqualTo(3);
  }

  @Test
  void theReasonSaysWhatIsWrong() {
    AlertmanagerBody body =
        read("{\"alerts\":[{\"labels\":\"x\"},{\"startsAt\":\"soon\"},7,{\"labels\":{\"a\":[]}}]}");

    assertThat(body.unreadable())
        .extracting(UnreadableAlert::reason)
        .containsExactly(
            "\"labels\" is a string, not an object",
            "startsAt \"soon\" is not a time such as 2026-01-31T09:30:00.123Z",
            "the alert is a number, not an object",
            "label \"a\" is an array, not text");
  }

  @Test
  void nulInLabelsIsData() {
    Alert alert = read("{\"alerts\":[{\"labels\":{\"a\\u0000b\":\"c\\u0000d\"}}]}").alerts().get(0);

    assertThat(alert.labels()).containsEntry("a\0b", "c\0d");
  }

  @Test
  void bytesThatAreNoUtf8CostNoAlert() {
    byte[] latin =
        "{\"alerts\":[{\"labels\":{\"a\":\"ü\"}}]}".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(read(latin).alerts().get(0).labels()).containsEntry("a", "\uFFFD");
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    assertThat(read("\uFEFF{\"alerts\":[{}]}").alerts()).hasSize(1);
  }

  @Test
  void noAlertsAreNothingToDo() {
    assertThat(read("{\"alerts\":[]}").size()).isZero();
  }
}
