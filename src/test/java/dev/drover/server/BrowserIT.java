package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers may do: at a server that asks for no credential, and at one with a token only. */
class BrowserIT {
  private static final String RUNS = "/api/runs";
  private static final String TOKEN = "t0ken:of-the-test";
  private static final String ONE =
      """
      name: one
      nodes:
        only: { value: 1 }
      """;

  @TempDir private static Path home;
  private static RunningServer open;
  private static RunningServer token;

  @BeforeAll
  static void start() {
    new ServerFiles(home.resolve("open")).write("workflows/one.yaml", ONE);
    new ServerFiles(home.resolve("token")).write("workflows/one.yaml", ONE);
    open = RunningServer.in(home.resolve("open"), "--drover.hawtio.access=none");
    token =
        open.replica(
            home.resolve("token"), "--drover.hawtio.access=none", "--drover.auth.token=" + TOKEN);
  }

  @AfterAll
  static void stop() {
    token.close();
    open.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-site", "cross-site"})
  void aLinkOfAnotherSiteIsFollowedAndItsPagesReadNothing(String site) {
    HttpRequest.Builder page = open.request(RUNS).header("Sec-Fetch-Site", site);

    open.send(link(page, "document")).is(200);
    open.send(link(page, "iframe")).isProblem(403);
    open.send(page.copy()).isProblem(403);
    HttpRequest.Builder form =
        open.request("/api/workflows/one/runs").POST(BodyPublishers.noBody());
    open.send(link(form.header("Sec-Fetch-Site", site), "document")).isProblem(403);
    assertThat(open.get(RUNS).is(200).list("items")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:9002", "localhost.evil.example", "[::2]"})
  void aServerWithoutCredentialIsCalledByALoopbackName(String host) throws IOException {
    assertThat(get(open, host, "")).startsWith("HTTP/1.1 403").contains("DROVER_AUTH_TOKEN");
    // Not even a link leads there: the page behind it would be of the same origin.
    String followed = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    assertThat(get(open, host, followed)).startsWith("HTTP/1.1 403");
    String known = "Authorization: Bearer " + TOKEN + "\r\n";
    assertThat(get(token, host, known)).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "localhost:9002", "127.0.0.1:1", "drover.localhost", "[::1]"})
  void loopbackHasManyNames(String host) throws IOException {
    assertThat(get(open, host, "")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aTokenMayBeGivenAsThePasswordOfAnyUser() {
    token.send(known(RUNS, "x:" + TOKEN)).is(200);
    token.send(known(RUNS, ":" + TOKEN)).is(200);
    for (String wrong : List.of("x:wrong", "x:", TOKEN, "x:" + TOKEN + "x", "x:x:" + TOKEN)) {
      Reply refused = token.send(known(RUNS, wrong)).isProblem(401);
      assertThat(refused.http().headers().allValues("WWW-Authenticate"))
          .containsExactly("Basic realm=\"drover\", charset=\"UTF-8\"", "Bearer");
    }
  }

  @Test
  void thePasswordThatABrowserKnowsIsOfNoUseToOtherSites() {
    String start = "/api/workflows/one/runs";
    for (String site : List.of("cross-site", "same-site")) {
      HttpRequest.Builder foreign = known(start, "x:" + TOKEN).header("Sec-Fetch-Site", site);
      token.send(foreign.POST(BodyPublishers.noBody())).isProblem(403);
      token.send(link(foreign, "document")).isProblem(403);
    }
    HttpRequest.Builder old = known(start, "x:" + TOKEN).header("Origin", "http://evil.example");
    token.send(old.POST(BodyPublishers.noBody())).isProblem(403);
    HttpRequest.Builder read = known(RUNS, "x:" + TOKEN).header("Sec-Fetch-Site", "cross-site");
    token.send(read.copy()).isProblem(403);
    assertThat(token.send(link(read, "document")).is(200).list("items")).isEmpty();
  }

  private static HttpRequest.Builder link(HttpRequest.Builder request, String destination) {
    return request
        .copy()
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", destination);
  }

  private static HttpRequest.Builder known(String path, String pair) {
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return token.request(path).header("Authorization", "Basic " + encoded);
  }

  private static String get(RunningServer server, String host, String headers) throws IOException {
    return RawRequest.get(server.port(), RUNS, host, headers);
  }
}
