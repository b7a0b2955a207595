package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatBodiesTest {
  private static final String EVIL = "<!channel> *b* [x](https://evil.example) <at>all</at>";

  @Test
  void slacksBlocksArePlainTextAll() {
    ObjectNode body =
        SlackBlocks.of(
            new Message(EVIL, EVIL, Severity.CRITICAL, Map.of(EVIL, TextNode.valueOf(EVIL))),
            Samples.anAttempt());

    assertThat(body.path("blocks").findValuesAsText("type"))
        .containsOnly("header", "section", "context", "plain_text")
        .startsWith("header");
    assertThat(body.path("text").asText()).startsWith("[CRITICAL] &lt;!channel&gt;");
    assertThat(body.at("/blocks/0/text/text").asText()).isEqualTo("[CRITICAL] " + EVIL);
    assertThat(body.at("/blocks/2/fields/0/text").asText()).isEqualTo(EVIL + "\n" + EVIL);
    assertThat(body.at("/blocks/3/elements/0/text").asText()).isEqualTo("run run-7 · node tell");
  }

  @Test
  void slacksBoundsAreKept() {
    ObjectNode body = SlackBlocks.of(huge(), Samples.nobody());

    assertThat(body.at("/blocks/0/text/text").asText()).hasSize(150);
    assertThat(body.at("/blocks/1/text/text").asText()).hasSize(3_000);
    assertThat(body.path("blocks")).hasSize(6);
    body.path("blocks").forEach(block -> assertThat(block.path("fields").size()).isLessThan(11));
  }

  @Test
  void aCardHoldsDataInTextRunsAlone() {
    ObjectNode body =
        TeamsCard.of(
            new Message(EVIL, EVIL, Severity.RESOLVED, Map.of(EVIL, TextNode.valueOf(EVIL))),
            Samples.anAttempt());

    JsonNode card = body.at("/attachments/0/content");
    assertThat(body.at("/attachments/0/contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    assertThat(card.path("body").findValuesAsText("type")).containsOnly("RichTextBlock", "TextRun");
    assertThat(card.at("/body/0/inlines/0/text").asText()).isEqualTo("[RESOLVED] " + EVIL);
    assertThat(card.at("/body/0/inlines/0/color").asText()).isEqualTo("Good");
    assertThat(card.at("/body/2/inlines").findValuesAsText("text")).last().isEqualTo(EVIL);
  }

  @Test
  void aCardIsSmallEnoughForTeamsWhateverItHolds() {
    byte[] body =
        TeamsCard.of(huge(), Samples.anAttempt()).toString().getBytes(StandardCharsets.UTF_8);

    assertThat(body.length).isLessThan(28_000);
  }

  @Test
  void secretsDoNotPrintThemselves() {
    assertThat(new Secret("S3CRET")).hasToString("***");
    assertThat(Digest.of("a")).hasSize(40).isNotEqualTo(Digest.of("b"));
  }

  private static Message huge() {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      fields.put("名".repeat(200) + i, TextNode.valueOf("値".repeat(2_000)));
    }
    return new Message("題".repeat(2_000), "文".repeat(100_000), Severity.INFO, fields);
  }
}
