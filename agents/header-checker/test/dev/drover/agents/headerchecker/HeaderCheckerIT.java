package dev.drover.agents.headerchecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.drover.agents.kit.Certificate;
import dev.drover.agents.kit.ShippedManifest;
import dev.drover.agents.kit.Trial;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a whole, on real servers. */
class HeaderCheckerIT {
  private static final Map<String, String> OPEN = Map.of("COMPLIANCE_ALLOW_PRIVATE", "true");

  @TempDir Path folder;
  private HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(loopback(), 0);
    serve(server);
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  /** Paths: /plain, /loop, /to?address, /many, /page with endless content, /503. */
  private void serve(HttpServer to) {
    to.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          String query = exchange.getRequestURI().getQuery();
          asked.add(path);
          switch (path) {
            case "/to" -> exchange.getResponseHeaders().set("Location", query);
            case "/loop" -> exchange.getResponseHeaders().set("Location", "/loop");
            case "/many" -> {
              for (int i = 0; i < 300; i++) {
                exchange.getResponseHeaders().add("X-Many", "x");
              }
            }
            default ->
                exchange
                    .getResponseHeaders()
                    .set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
          }
          int status = path.equals("/503") ? 503 : path.matches("/to|/loop") ? 302 : 200;
          exchange.sendResponseHeaders(status, 0);
          try (OutputStream page = exchange.getResponseBody()) {
            byte[] piece = "x".repeat(8192).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; path.equals("/page") && i < 100_000; i++) {
              page.write(piece);
            }
          } catch (IOException gone) {
            asked.add("cut off");
          }
        });
    to.start();
  }

  @Test
  void aServerIsAskedAndGradedAfterItsRedirects() throws Exception {
    Trial trial = check("'urls':['" + url("/to?/plain") + "'],'minGrade':'F'");

    assertThat(trial.exit()).as(trial.log()).isZero();
    JsonNode result = trial.receipt().at("/results/0");
    assertThat(result.path("finalUrl").asText()).isEqualTo(url("/plain"));
    assertThat(result.at("/redirects/0/status").asInt()).isEqualTo(302);
    assertThat(result.path("grade").asText()).isEqualTo("F");
    assertThat(result.path("deductions").findValuesAsText("rule"))
        .contains("not-encrypted", "csp-missing", "framing")
        .doesNotContain("hsts-missing");
    assertThat(trial.receipt().path("compliant").asBoolean()).isTrue();
    assertThat(ShippedManifest.of("header-checker").problems("output", trial.receipt())).isEmpty();
  }

  @Test
  void aHugePageIsNotRead() {
    Trial trial = check("'urls':['" + url("/page") + "'],'timeout':5");

    assertThat(trial.exit()).as(trial.log()).isZero();
    await().atMost(Duration.ofSeconds(5)).until(() -> asked.contains("cut off"));
  }

  @Test
  void privateAddressesAreNotAskedUnlessTheOperatorAllows() throws Exception {
    int port = server.getAddress().getPort();
    String urls =
        "'urls':['http://127.0.0.1:%d/','http://localhost:%d/','http://[::1]:%d/','http://2130706433:%d/',"
            + "'http://169.254.169.254/latest/meta-data/']";
    String json = "{" + urls.replace("%d", Integer.toString(port)) + "}";

    Trial trial = Trial.inProcess(new HeaderChecker(), json, Map.of());

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.receipt().path("compliant").asBoolean()).isFalse();
    assertThat(trial.receipt().path("results")).isEmpty();
    assertThat(trial.receipt().path("errors").findValuesAsText("reason"))
        .hasSize(5)
        .allMatch(reason -> reason.contains("is not of the public internet"));
    assertThat(asked).isEmpty();
  }

  @Test
  void whereTheRuntimeGivesAProxyTheProxyDecides() throws Exception {
    String json = "{'urls':['http://outside.invalid/plain']}";

    Trial trial = Trial.inProcess(new HeaderChecker(), json, Map.of("HTTPS_PROXY", url("")));

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.receipt().at("/results/0/status").asInt()).isEqualTo(200);
    assertThat(asked).containsExactly("/plain");
  }

  @Test
  void whatCannotBeAskedIsSaidAndNothingElseIsLost() throws Exception {
    String urls =
        "'urls':['"
            + url("/plain")
            + "','"
            + url("/loop")
            + "','"
            + url("/to?file:///etc/passwd")
            + "','"
            + url("/many")
            + "','"
            + url("/503")
            + "'],'maxRedirects':2";

    Trial trial = check(urls);

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.receipt().path("results")).hasSize(1);
    assertThat(trial.receipt().path("errors").findValuesAsText("reason"))
        .satisfiesExactly(
            loop -> assertThat(loop).contains("redirects more than 2 times"),
            file -> assertThat(file).contains("no http or https address"),
            many -> assertThat(many).contains("too many headers"),
            broken -> assertThat(broken).contains("answered HTTP 503"));
  }

  @Test
  void aServerThatIsAwayOrSilentMayBeTriedAgain() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(check("'urls':['http://127.0.0.1:" + free + "/']").exit()).isEqualTo(75);
    try (ServerSocket dripping = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> drip(dripping), "dripping");
      thread.setDaemon(true);
      thread.start();
      Trial trial =
          check("'timeout':1,'urls':['http://127.0.0.1:" + dripping.getLocalPort() + "/']");
      assertThat(trial.exit()).as(trial.log()).isEqualTo(75);
      assertThat(trial.lastLogLine()).contains("127.0.0.1 did not answer in time");
    }
  }

  /** A status line that never ends, though each byte of it comes soon. */
  private static void drip(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
      while (!listener.isClosed()) {
        out.write('x');
        out.flush();
        LockSupport.parkNanos(50_000_000);
      }
    } catch (IOException gone) {
      // The agent hung up, which is what it should do.
    }
  }

  @Test
  void inAProcessOfItsOwnTheSelfTestPassesAndTlsIsSpokenWithATrustedCertificateOnly()
      throws Exception {
    ShippedManifest manifest = ShippedManifest.of("header-checker");
    Certificate certificate = Certificate.forHost("localhost", folder);
    HttpsServer encrypted = HttpsServer.create(loopback(), 0);
    encrypted.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
    serve(encrypted);
    String url = "https://localhost:" + encrypted.getAddress().getPort() + "/plain";
    String warm =
        "{\"attempt\":{},\"input\":"
            + manifest.manifest().at("/selfTest/input")
            + "}\n{\"attempt\":{},\"input\":{\"urls\":[\""
            + url
            + "\"]}}\n";
    Map<String, String> environment =
        Map.of("COMPLIANCE_ALLOW_PRIVATE", "true", "DROVER_WARM", "1");

    Trial trial =
        Trial.asProcess(
            HeaderChecker.class, "header-checker", warm, environment, certificate.trusted());
    Trial mistrusting = check("'urls':['" + url + "']");
    encrypted.stop(0);

    assertThat(trial.exit()).as(trial.log()).isZero();
    List<String> answers = trial.output().lines().toList();
    JsonNode selfTest = ShippedManifest.json(answers.get(0)).path("output");
    assertThat(manifest.missing(selfTest)).isEmpty();
    assertThat(manifest.problems("output", selfTest)).isEmpty();
    JsonNode result = ShippedManifest.json(answers.get(1)).at("/output/results/0");
    assertThat(result.path("deductions").findValuesAsText("rule"))
        .contains("csp-missing")
        .doesNotContain("not-encrypted", "hsts-missing");
    assertThat(mistrusting.receipt().at("/errors/0/reason").asText())
        .contains("no TLS connection with localhost");
  }

  private static Trial check(String members) {
    return Trial.inProcess(new HeaderChecker(), "{" + members + "}", OPEN);
  }

  private String url(String pathAndQuery) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + pathAndQuery;
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
