package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookBodyTest {

  @Test
  void messageIsPassedOnWithTypedFieldsAndItsOrigin() {
    assertThat(
            WebhookBody.of(Samples.aMessage(), Samples.anAttempt(), Optional.of("disk db-1"))
                .toString())
        .isEqualTo(
            "{\"title\":\"Disk is filling up\",\"text\":\"/var on db-1 will be full in 4 hours\","
                + "\"severity\":\"warning\",\"fields\":{\"host\":\"db-1\",\"hours\":4,\"paged\":false},"
                + "\"run\":\"run-7\",\"node\":\"tell\",\"threadKey\":\"disk db-1\"}");
  }

  @Test
  void unknownOriginIsLeftOut() {
    assertThat(WebhookBody.of(Samples.aMessage(), Samples.nobody(), Optional.empty()).properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("title", "text", "severity", "fields");
  }
}
