package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackBodyTest {

  @Test
  void messageBecomesHeadlineAndAttachment() {
    ObjectNode body = SlackBody.of(Samples.aMessage(), Samples.anAttempt());

    assertThat(body.path("text").asText()).isEqualTo("[WARNING] Disk is filling up");
    JsonNode attachment = body.path("attachments").path(0);
    assertThat(attachment.path("color").asText()).isEqualTo(Severity.WARNING.colour());
    assertThat(attachment.path("text").asText()).isEqualTo("/var on db-1 will be full in 4 hours");
    assertThat(attachment.path("footer").asText()).isEqualTo("run run-7 · node tell");
    assertThat(attachment.path("fields").findValuesAsText("title"))
        .containsExactly("host", "hours", "paged");
    assertThat(attachment.path("fields").findValuesAsText("value"))
        .containsExactly("db-1", "4", "false");
  }

  @Test
  void markupInDataIsEscapedEverywhere() {
    Message message = Samples.aMessage("a < b & c", "<!channel> <https://evil.example|click>");

    ObjectNode body = SlackBody.of(message, Samples.nobody());

    assertThat(body.path("text").asText()).endsWith("a &lt; b &amp; c");
    assertThat(body.path("attachments").path(0).path("text").asText())
        .isEqualTo("&lt;!channel&gt; &lt;https://evil.example|click&gt;");
    assertThat(body.path("mrkdwn").asBoolean(true)).isFalse();
    assertThat(body.toString()).doesNotContain("<", ">");
  }

  @ParameterizedTest
  @ValueSource(strings = {"@channel", "@Here", "@all", "@EVERYONE"})
  void dataCannotCallEverybody(String call) {
    ObjectNode body = SlackBody.of(Samples.aMessage("hello " + call, call), Samples.nobody());

    assertThat(body.toString()).doesNotContainIgnoringCase(call).contains("@\u200b");
  }

  @Test
  void mailAddressesStayAsTheyAre() {
    ObjectNode body = SlackBody.of(Samples.aMessage("ops@allied.example", ""), Samples.nobody());

    assertThat(body.path("text").asText()).endsWith("ops@allied.example");
  }

  @Test
  void cuttingLeavesNoHalfEntity() {
    Message message = Samples.aMessage("t", "&".repeat(SlackBody.MOST_TEXT + 1));

    ObjectNode body = SlackBody.of(message, Samples.nobody());

    assertThat(body.path("attachments").path(0).path("text").asText())
        .isEqualTo("&amp;".repeat(SlackBody.MOST_TEXT - 1) + "…");
  }

  @Test
  void onlyTheFirstFieldsAreShown() {
    Map<String, JsonNode> many = new LinkedHashMap<>();
    for (int i = 0; i < 30; i++) {
      many.put("f" + i, IntNode.valueOf(i));
    }

    ObjectNode body = SlackBody.of(new Message("t", "", Severity.INFO, many), Samples.nobody());

    assertThat(body.path("attachments").path(0).path("fields")).hasSize(SlackBody.MOST_FIELDS);
  }
}
