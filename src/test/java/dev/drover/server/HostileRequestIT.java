package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that want to break or to steer: refused clearly, or harmless. Never a 500. */
class HostileRequestIT {
  private static final String ECHO =
      """
      name: echo
      inputs:
        given: { type: number, default: 0 }
      nodes:
        inputs: { value: "${{ inputs.given }}" }
      """;

  @TempDir private static Path home;
  private static RunningServer server;
  private static String project;

  @BeforeAll
  static void start() {
    server = RunningServer.in(home, "--drover.hawtio.access=none");
    project = server.newProject();
    server.deploy(project, ECHO);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Whatever was sent: the server is well, and good runs succeed. */
  @AfterEach
  void theServerIsWell() {
    assertThat(server.managed("/health").is(200).text("status")).isEqualTo("UP");
    assertThat(server.run(project, "echo", "{\"inputs\":{\"given\":1}}").text("state"))
        .isEqualTo("SUCCEEDED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CamelHttpUri",
        "CamelHttpPath",
        "CamelHttpQuery",
        "CamelHttpMethod",
        "CamelHttpResponseCode",
        "CamelHttpServletRequest",
        "camelhttpservletrequest",
        "CAMELHTTPSERVLETREQUEST",
        "CamelFileName",
        "CamelToEndpoint",
        "CamelBeanMethodName",
        "Exchange.HTTP_URI",
        "ExchangePattern",
        "CamelRestHttpUri",
        "org.apache.camel.x",
        "name",
        "project",
        "DroverRun",
        "X-HTTP-Method-Override",
        "X-Forwarded-Host",
      })
  void headersAndQueriesSteerNothing(String header) {
    String path = "/api/workflows/echo?project=" + project;
    Map<String, Object> expected = server.get(path).is(200).object();

    HttpRequest.Builder asHeader = server.request(path).header(header, "500");
    assertThat(server.send(asHeader).is(200).object()).isEqualTo(expected);
    assertThat(server.get(path + "&" + header.replace("project", "x") + "=500").is(200).object())
        .isEqualTo(expected);
    Reply missing =
        server.send(
            server.request("/api/workflows/none?project=" + project).header(header, "echo"));
    missing.isProblem(404);
    assertThat(missing.http().headers().map()).doesNotContainKey(header);
    server.get("/api/workflows/none?name=echo&project=" + project).isProblem(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/workflows/..%2f",
        "/api/workflows/..%2fruns",
        "/api/workflows/%2e%2e/runs",
        "/api/workflows/..;/runs",
        "/api/workflows/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/api/workflows/a%2fb",
        "/api/workflows/a%5cb",
        "/api/workflows/%00",
        "/api/workflows/a%0d%0ab",
        "/api/workflows/%zz",
        "/api/workflows/%25%25",
        "/api/workflows/%F0%9F%9A%80",
        "/api/workflows/%ff",
        "/api/workflows/echo;a=b",
        "/api/workflows/*",
        "/api/workflows/{name}",
        "/api/workflows/echo%20",
        "/api//workflows",
        "/api/workflows//echo",
        "/api/./workflows",
        "/api/runs/../workflows",
        "/api/runs/%7Bid%7D",
        "/api/runs?state=%00",
        "/api/runs?workflow=%0d%0a",
        "/api/runs?limit=9999999999999999999",
        "/api/runs?after='%20or%20'1'='1",
        "/api/runs?limit=%zz",
        "/api/runs?%",
        "/api/runs?&&==&",
        "/api/runs/1-1-1-1-1/nodes/a/log?after=99999999999.1",
        "/api/alerts?state=%E2%80%AE",
        "/API/workflows",
        "/api/workflows/",
        "/api/openapi.json/../runs",
        "/actuator",
        "/actuator/env",
        "/error",
        "/health",
        "/metrics",
        "/..%2f..%2fetc/passwd",
        "//",
        "/%2e%2e/",
        "http://127.0.0.1:1/api/workflows",
        "*",
        "/api/workflows?project=default%00",
        "/api/workflows?project=..",
      })
  void pathTricksAreRefusedOrHarmless(String target) throws IOException {
    int status = raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(status).isBetween(200, 499);
  }

  @Test
  void hawtioThatIsSwitchedOffIsNotThere() {
    for (String path : List.of("/actuator/hawtio", "/actuator/hawtio/", "/actuator/jolokia")) {
      server.managed(path).is(404);
    }
    server.managed("/metrics").is(200);
  }

  @Test
  void veryLongNamesAndQueriesAreRefused() throws IOException {
    server.get("/api/workflows/" + "a".repeat(5_000)).isProblem(400);
    server.get("/api/runs?after=" + "a".repeat(5_000)).isProblem(400);
    server.get("/api/runs?" + "a=b&".repeat(1_500)).is(200);
    server.postJson("/api/webhooks/" + "a".repeat(5_000), "{}").isProblem(404);
    for (int length : List.of(20_000, 1_000_000)) {
      assertThat(
              raw("GET /api/runs?a=" + "x".repeat(length) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .isBetween(400, 499);
    }
    assertThat(
            raw(
                "GET /api/runs HTTP/1.1\r\nHost: localhost\r\nA: "
                    + "x".repeat(100_000)
                    + "\r\n\r\n"))
        .isBetween(400, 499);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/9.9\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET /api/runs HTTP/1.1\r\n\r\n",
        "FOO /api/runs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "TRACE /api/runs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Type: \0\r\nContent-Length: 1\r\n\r\n{",
        "POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Type: ;;;\r\nContent-Length: 1\r\n\r\n{",
        "POST /api/webhooks/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; charset=nonsense\r\nContent-Length: 1\r\n\r\n{",
        "POST /api/webhooks/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\n{",
        "GET /api/runs HTTP/1.1\r\nHost: localhost\r\nCookie: \u0001=\u0002\r\nAccept: ;;,/*\r\nAccept-Encoding: \u00e9\r\n\r\n",
        "GET /api/workflows HTTP/1.1\r\nHost: localhost\r\nAccept: nonsense\r\nOrigin: null\r\n\r\n",
      })
  void brokenRequestsNeverBreakTheServer(String request) throws IOException {
    assertThat(raw(request)).isGreaterThanOrEqualTo(200).isNotEqualTo(500);
  }

  /** Sends bytes as they are and gives the status of the answer; 400 where there is none. */
  private static int raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      String answer = new String(in.readNBytes(2_000), StandardCharsets.UTF_8);
      if (answer.isEmpty()) {
        return 400;
      }
      assertThat(answer).startsWith("HTTP/1.1 ").doesNotContain("root:");
      int status = Integer.parseInt(answer.substring(9, 12));
      if (status >= 400) {
        assertThat(answer).contains("Content-Type: application/problem+json");
      }
      return status;
    } catch (SocketException e) {
      return 400; // it has hung up while we were still sending
    }
  }
}
