package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookBodyTest {

  @Test
  void messageIsPassedOnWithTypedFieldsAndItsOrigin() {
    assertThat(WebhookBody.of(Samples.aMessage(), Samples.anAttempt()).toString())
        .isEqualTo(
            "{\"title\":\"Disk is filling up\",\"text\":\"/var on db-1 will be full in 4 hours\","
                + "\"severity\":\"warning\",\"fields\":{\"host\":\"db-1\",\"hours\":4,\"paged\":false},"
                + "\"run\":\"run-7\",\"node\":\"tell\"}");
  }

  @Test
  void unknownOriginIsLeftOut() {
    assertThat(WebhookBody.of(Samples.aMessage(), Samples.nobody()).properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("title", "text", "severity", "fields");
  }
}
