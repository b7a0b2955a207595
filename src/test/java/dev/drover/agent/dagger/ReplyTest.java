package dev.drover.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private static Reply of(int status, String body) {
    return Reply.of(status, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void dataWithoutErrorsIsTheAnswer() {
    assertThat(of(200, "{\"data\":{\"version\":\"v1\"}}"))
        .isEqualTo(new Reply.Data(Map.of("version", "v1")));
  }

  @Test
  void anExecErrorBringsItsCodeAndOutput() {
    String body =
        """
        {"data":null,"errors":[{"message":"exit code: 137","path":["container"],"extensions":
          {"_type":"EXEC_ERROR","cmd":["x"],"exitCode":137,"stdout":"o","stderr":"e"}}]}
        """;
    assertThat(of(200, body)).isEqualTo(new Reply.ExecFailed(137, "o", "e"));
    assertThat(of(200, body.replace("137,", "-1,"))).isInstanceOf(Reply.Refused.class);
  }

  @Test
  void anyOtherErrorIsTheEnginesWordWithoutItsTrace() {
    String body = "{\"errors\":[{\"message\":\"no such image [traceparent:0af7-b7ad]\"}]}";

    assertThat(of(200, body)).isEqualTo(new Reply.Refused("no such image"));
    assertThat(of(422, body)).isEqualTo(new Reply.Refused("no such image"));
    assertThat(of(500, "broken")).isEqualTo(new Reply.Refused("HTTP 500: broken"));
    assertThat(of(200, "{\"data\":null}")).isInstanceOf(Reply.Refused.class);
  }

  @Test
  void aGatewaysErrorAndARefusedTokenMeanThatTheSessionIsLost() {
    assertThat(of(502, "http do: EOF")).isInstanceOf(Reply.Lost.class);
    assertThat(of(401, "")).isInstanceOf(Reply.Lost.class);
    assertThat(of(200, "<html>")).isInstanceOf(Reply.Lost.class);
  }
}
