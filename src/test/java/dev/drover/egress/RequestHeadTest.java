package dev.drover.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.egress.RequestHead.Request;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
  private static final String ZEROS =
      "00000000000000000000000000000000000000000000000000000000000000000000";

  private static RequestHead read(String head) {
    return RequestHead.read(head.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Request good(String head) {
    assertThat(read(head)).isInstanceOf(Request.class);
    return (Request) read(head);
  }

  @Test
  void connectAsksForATunnel() {
    Request request = good("CONNECT API.example.org.:443 HTTP/1.1\r\nHost: whatever");

    assertThat(request.where()).isEqualTo("api.example.org:443");
    assertThat(request.tunnel()).isTrue();
    assertThat(request.forward()).isEmpty();
    assertThat(good("CONNECT [::1]:80 HTTP/1.0").where()).isEqualTo("[::1]:80");
  }

  @Test
  void anAbsoluteRequestIsSentOnAsThatHostExpectsIt() {
    Request request =
        good(
            String.join(
                "\r\n",
                "POST http://Example.org:8080/a?b=c HTTP/1.1",
                "Host: other.example.net",
                "Proxy-Authorization: Basic xyz",
                "Connection: keep-alive",
                "Content-Length: 3",
                "X-Mine: 1"));

    assertThat(request.host()).isEqualTo("example.org");
    assertThat(request.port()).isEqualTo(8080);
    assertThat(request.forward().split("\r\n", -1))
        .containsExactly(
            "POST /a?b=c HTTP/1.1",
            "Host: Example.org:8080",
            "Content-Length: 3",
            "X-Mine: 1",
            "Connection: close",
            "",
            "");
  }

  @Test
  void withoutAPathTheRootIsMeant() {
    assertThat(good("GET http://example.org HTTP/1.1").forward()).startsWith("GET / HTTP/1.1\r\n");
    assertThat(good("GET http://example.org?a HTTP/1.1").forward()).startsWith("GET /?a ");
    assertThat(good("GET http://example.org HTTP/1.1").port()).isEqualTo(80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET / HTTP/1.1",
        "GET https://example.org/ HTTP/1.1",
        "GET ftp://example.org/ HTTP/1.1",
        "GET http://user@example.org/ HTTP/1.1",
        "GET http://a@b:80/ HTTP/1.1",
        "GET http:///path HTTP/1.1",
        "GET http://example.org/ HTTP/2",
        "GET  http://example.org/ HTTP/1.1",
        "CONNECT example.org HTTP/1.1",
        "CONNECT example.org:0 HTTP/1.1",
        "CONNECT example.org:99999 HTTP/1.1",
        "CONNECT a:b:443 HTTP/1.1",
        "CONNECT [::1:443 HTTP/1.1",
        "CONNECT [0:0:0:0:0:0:0:1:1]:443 HTTP/1.1",
        "CONNECT [" + ZEROS + "1::1]:443 HTTP/1.1",
        "CONNECT a" + ZEROS + ":443 HTTP/1.1",
        "CONNECT a..b:443 HTTP/1.1",
        "CONNECT a\u001b[2J:443 HTTP/1.1",
        "CONNECT a\u0001b:443 HTTP/1.1",
        "CONNECT 2130706433:443 HTTP/1.1",
        "GET http://a\u0007b/ HTTP/1.1",
        "GET http://a,b/ HTTP/1.1",
        "get http://example.org/ HTTP/1.1",
        "GET http://example.org/ HTTP/1.1\r\nno header",
        "GET http://example.org/ HTTP/1.1\r\nA: b\nHost: evil.example.net",
        "GET http://example.org/ HTTP/1.1\r\n folded: line",
        "GET http://example.org/ HTTP/1.1\r\nA : b",
        "GET http://example.org/ HTTP/1.1\r\nA: b\0c"
      })
  void whatIsNoRequestToAProxyIsRefused(String head) {
    assertThat(read(head)).isInstanceOf(RequestHead.Bad.class);
  }
}
