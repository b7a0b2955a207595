package dev.drover.server;

import static dev.drover.alert.AlertFixtures.captured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with credentials of one project and little room for bodies. */
class GuardedServerIT {
  private static final String MINE = "p0";
  private static final String TOKEN = "Bearer s3cret-of-the-test";
  private static final String WEBHOOK = "/api/webhooks/alertmanager/" + MINE;
  private static final int LIMIT = 1 << 20;

  @TempDir private static Path home;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.in(
            home,
            "--drover.auth.token=" + TOKEN.substring("Bearer ".length()),
            "--drover.auth.user=ops",
            "--drover.auth.password=pass:word",
            "--drover.auth.project=" + MINE,
            "--drover.max-body=" + LIMIT + "B");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder request(String path, String credential) {
    return server
        .request(path)
        .header("Content-Type", "application/json")
        .header("Authorization", credential);
  }

  private static Reply post(String path, String credential, byte[] body) {
    return server.send(request(path, credential).POST(BodyPublishers.ofByteArray(body)));
  }

  @Test
  void case24WhoHasNoCredentialIsRefusedBeforeTheBodyIsRead() {
    double rejected = rejected();
    byte[] broken = "{".getBytes(StandardCharsets.UTF_8);
    Reply none = server.postJson(WEBHOOK, broken).isProblem(401);
    assertThat(none.http().headers().firstValue("WWW-Authenticate")).isPresent();
    for (String wrong :
        List.of(
            "Bearer wrong",
            "Bearer ",
            "Basic x",
            TOKEN + "x",
            TOKEN.substring(0, 12),
            "",
            basic("ops:x"))) {
      post(WEBHOOK, wrong, broken).isProblem(401);
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(rejected()).isGreaterThanOrEqualTo(rejected + 8));
    for (String path :
        List.of("runs", "workflows", "agents", "alerts", "nothing", "openapi.json")) {
      server.get("/api/" + path + "?project=" + MINE).isProblem(401);
    }
    server.postJson(WEBHOOK, new byte[40 << 20]).is(401);
  }

  @Test
  void case24ACredentialOfAnotherProjectIsRefused() {
    byte[] broken = "{".getBytes(StandardCharsets.UTF_8);
    post("/api/webhooks/alertmanager/p1", TOKEN, broken).isProblem(403);
    post("/api/webhooks/alertmanager", TOKEN, broken).isProblem(403);
    post("/api/webhooks/alertmanager?project=" + MINE + "x", TOKEN, broken).isProblem(403);
    // The path decides, whatever the query says.
    post("/api/webhooks/alertmanager/p1?project=" + MINE, TOKEN, broken).isProblem(403);
    post("/api/webhooks/%61lertmanager/p1", TOKEN, broken).isProblem(403);
    post("/api/webhooks/alertmanager/p1;x=/p0", TOKEN, broken).isProblem(403);
    server.send(request("/api/runs?project=p1", TOKEN)).isProblem(403);
    server.send(request("/api/runs", TOKEN)).isProblem(403);
    server.send(request("/api/runs?project=p1&project=" + MINE, TOKEN)).isProblem(403);
    for (String project : List.of("default", "p1")) {
      assertThat(server.count(project, "delivery", "true")).isZero();
    }
  }

  @Test
  void case24TheRightCredentialOpens() {
    post(WEBHOOK, TOKEN, captured("01-firing-single")).is(200);
    post(WEBHOOK, basic("ops:pass:word"), captured("02-firing-single-repeat")).is(200);
    server.send(request("/api/runs?project=" + MINE, TOKEN)).is(200);
    post(WEBHOOK, TOKEN, "{".getBytes(StandardCharsets.UTF_8)).isProblem(400);
  }

  @Test
  void whoDecidesIsTheUserOfTheCredentialWhateverTheBodySays() {
    String query = "?project=" + MINE;
    String yaml = "name: ask\nnodes:\n  ask: { approval: { message: ok? } }\n";
    post("/api/workflows" + query, TOKEN, yaml.getBytes(StandardCharsets.UTF_8)).is(201);
    String run = post("/api/workflows/ask/runs" + query, TOKEN, new byte[0]).is(202).text("id");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                server
                    .send(request("/api/runs/" + run + query, TOKEN))
                    .text("state")
                    .equals("WAITING"));
    String approve = "/api/runs/" + run + "/nodes/ask/approve" + query;

    post(approve, "Bearer wrong", new byte[0]).isProblem(401);
    server.postJson(approve, "{}").isProblem(401);
    post(approve.replace(MINE, "p1"), TOKEN, new byte[0]).isProblem(403);
    post(approve, TOKEN, new byte[0]).isProblem(400); // a token is nobody
    byte[] body = "{\"by\":\"root\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(post(approve, basic("ops:pass:word"), body).is(202).text("by")).isEqualTo("ops");
    assertThat(server.send(request("/api/audit" + query, TOKEN)).text("items.0.who"))
        .isEqualTo("ops");
  }

  @Test
  void case30WithoutRoomForBodiesTheSenderIsToldToComeAgain() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        slow.add(announce(LIMIT));
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> post(WEBHOOK, TOKEN, new byte[LIMIT]).status() == 503);
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        replies.add(
            server.sendAsync(
                request(WEBHOOK, TOKEN).POST(BodyPublishers.ofByteArray(new byte[LIMIT]))));
      }
      assertThat(replies)
          .allSatisfy(
              reply -> {
                reply.join().isProblem(503);
                assertThat(reply.join().http().headers().firstValue("Retry-After")).isPresent();
              });
      // What needs next to no room is served all the same.
      server.send(request("/api/runs?project=" + MINE, TOKEN)).is(200);
      assertThat(server.managed("/health").status()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    await()
        .atMost(Duration.ofSeconds(25))
        .until(() -> post(WEBHOOK, TOKEN, new byte[LIMIT]).status() == 400);
  }

  @Test
  void aCredentialOfOneProjectDoesNotOpenWhatShowsAllOfThem() {
    String there = "http://127.0.0.1:" + server.metricsPort() + "/actuator/hawtio/";
    server.send(request("/", TOKEN).uri(URI.create(there))).isProblem(403);
    server.send(request("/", TOKEN + "x").uri(URI.create(there))).isProblem(401);
  }

  @Test
  void readersDoNotCrowdEachOtherOut() {
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      replies.add(server.sendAsync(request("/api/runs?project=" + MINE, TOKEN)));
    }
    assertThat(replies).allSatisfy(reply -> reply.join().is(200));
  }

  /** A sender that says how much it has, and then sends nothing. */
  private static Socket announce(int length) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket
        .getOutputStream()
        .write(
            ("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\n"
                    + "Content-Length: %d\r\n\r\n{")
                .formatted(WEBHOOK, TOKEN, length)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static double rejected() {
    return server.sum("drover_alerts_total", "outcome=\"rejected\"");
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
