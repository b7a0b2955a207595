package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are refused as a whole. */
class RejectedBodyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the body is empty",
        "'[]' | the body is an array, not an object (line 1, column 1)",
        "'\"x\"' | the body is a string, not an object (line 1, column 1)",
        "'null' | the body is null, not an object (line 1, column 1)",
        "'{}' | the body has no array \"alerts\"",
        "'{\"status\":\"firing\"}' | the body has no array \"alerts\"",
        "'{\"alerts\":{}}' | \"alerts\" is an object, not an array (line 1, column 11)",
        "'{\"alerts\":null}' | \"alerts\" is null, not an array (line 1, column 11)",
        "'{\"alerts\":[]} {}' | the body goes on after the end of its JSON object (line 1, column 15)",
      })
  void whatIsNoNotificationIsRejected(String body, String message) {
    assertThatThrownBy(() -> AlertmanagerBody.read(AlertFixtures.utf8(body), NOW))
        .isInstanceOf(RejectedBody.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "{\"alerts\":[{\"status\":\"firing\"}",
        "{\"alerts\":[{\"labels\":{\"a\":\"b}}]}",
        "{\"alerts\":[],}",
        "{'alerts':[]}",
        "{\"alerts\":[NaN]}",
        "{\"alerts\":[{\"labels\":{\"a\":\"\u0000\"}}]}",
        "<alerts/>"
      })
  void brokenJsonIsRejectedWithItsPosition(String body) {
    assertThatThrownBy(() -> AlertmanagerBody.read(AlertFixtures.utf8(body), NOW))
        .isInstanceOf(RejectedBody.class)
        .hasMessageStartingWith("the body is not valid JSON: ")
        .hasMessageMatching("[^\\n`\\[]* \\(line \\d+, column \\d+\\)");
  }

  @Test
  void deepNestingIsRejected() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    for (String body :
        new String[] {
          "{\"x\":" + deep + ",\"alerts\":[]}",
          "{\"alerts\":" + deep + "}",
          "{\"alerts\":[{\"annotations\":{\"a\":" + deep + "}}]}"
        }) {
      assertThatThrownBy(() -> AlertmanagerBody.read(AlertFixtures.utf8(body), NOW))
          .isInstanceOf(RejectedBody.class)
          .hasMessageContaining("nesting depth");
    }
  }

  @Test
  void aBodyThatWouldFillTheHeapIsRejected() {
    String alerts = "{},".repeat(BodyReader.MAX_ALERTS);
    String labels = "\"a\":\"\",".repeat(Texts.MAX_ENTRIES);

    assertThat(read("{\"alerts\":[" + alerts.substring(0, alerts.length() - 1) + "]}").size())
        .isEqualTo(BodyReader.MAX_ALERTS);
    assertThatThrownBy(() -> readRaw("{\"alerts\":[" + alerts + "{}]}"))
        .isInstanceOf(RejectedBody.class)
        .hasMessageStartingWith("the body has more than 20000 alerts");
    assertThatThrownBy(() -> readRaw("{\"alerts\":[{\"labels\":{" + labels + "\"b\":\"\"}}]}"))
        .isInstanceOf(RejectedBody.class)
        .hasMessageStartingWith("the body has more than 500000 labels and annotations");
  }

  private static AlertmanagerBody readRaw(String body) throws RejectedBody {
    return AlertmanagerBody.read(AlertFixtures.utf8(body), NOW);
  }
}
