package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hawtio and Jolokia of a server that asks for a credential, and of one that does not. */
class HawtioIT {
  private static final String JOLOKIA = "/actuator/jolokia";
  private static final String HAWTIO = "/actuator/hawtio";
  private static final String TOKEN = "t0ken-of-the-test";
  private static final String PASSWORD = "pass:w0rd-of-the-test";
  private static final String OPERATORS = "secret-of-the-operators-route";
  private static final String STATS = "dumpRoutesStatsAsXml";
  private static final String SIGNATURE = "abc-secret";
  private static final String SIGNED =
      """
      - route:
          id: signed
          description: Reads what is signed for.
          from:
            uri: stub:there?sig=abc-secret
            steps: [{ to: "stub:where?sig=abc-secret" }]
      """;
  private static final String CONTEXT =
      "org.apache.camel:context=drover,type=context,name=\"drover\"";

  private static final String TWO =
      """
      name: two
      nodes:
        first: { value: 1 }
        second: { dependsOn: [first], value: 2 }
      """;

  @TempDir private static Path home;
  private static RunningServer guarded;
  private static RunningServer open;

  @BeforeAll
  static void start() {
    new ServerFiles(home.resolve("guarded"))
        .write("workflows/two.yaml", TWO)
        .route("direct:tell", "- setHeader: { name: Authorization, constant: " + OPERATORS + " }")
        .write("routes/signed.camel.yaml", SIGNED);
    guarded =
        RunningServer.in(
            home.resolve("guarded"),
            "--drover.auth.token=" + TOKEN,
            "--drover.auth.user=ops",
            "--drover.auth.password=" + PASSWORD);
    new ServerFiles(home.resolve("open")).write("workflows/two.yaml", TWO);
    open = guarded.replica(home.resolve("open"), "--drover.hawtio.access=unrestricted");
  }

  @AfterAll
  static void stop() {
    open.close();
    guarded.close();
  }

  @Test
  void whoHasNoCredentialSeesMetricsAndHealthOnly() {
    guarded.managed("/metrics").is(200);
    guarded.managed("/health").is(200);
    for (String path : List.of("/", HAWTIO, HAWTIO + "/", HAWTIO + "/index.html", JOLOKIA)) {
      Reply refused = guarded.managed(path).isProblem(401);
      assertThat(refused.http().headers().allValues("WWW-Authenticate"))
          .contains("Basic realm=\"drover\", charset=\"UTF-8\"");
    }
    for (String wrong : List.of("Bearer x", "Basic x", basic("ops:x"), basic(TOKEN), "")) {
      send(guarded, get(HAWTIO + "/").header("Authorization", wrong)).isProblem(401);
    }
  }

  @Test
  void theCredentialsOfTheApiOpenHawtioAndABrowserMayGiveTheTokenAsThePassword() {
    for (String right :
        List.of("Bearer " + TOKEN, basic("ops:" + PASSWORD), basic("anybody:" + TOKEN))) {
      Reply page = send(guarded, get(HAWTIO + "/").header("Authorization", right)).is(200);
      assertThat(page.body()).contains("<base href=\"/actuator/hawtio/\"");
    }
    assertThat(ask("/hawtconfig.json").is(200).text("branding.appName")).isEqualTo("Drover");
  }

  @Test
  void aRunIsSeenInTheCountsOfItsWorkflowsRoutes() {
    assertThat(jolokia(Map.of("type", "search", "mbean", "*:type=routes,*")).toString())
        .contains("org.apache.camel:context=drover,type=routes,name=\"default/two@1/second\"")
        .contains("default/two@1/_start")
        .contains("tell")
        .doesNotContain("listRuns"); // the API's own are no news
    assertThat(exchanges()).isZero();
    open.run("default", "two", "{}");
    assertThat(exchanges()).isOne();
  }

  /** Of the route of a node, on whichever of the two servers of this JVM. */
  private static long exchanges() {
    String routes = "org.apache.camel:context=*,type=routes,name=\"default/two@1/second\"";
    String read = "ExchangesTotal";
    Object found = jolokia(Map.of("type", "read", "mbean", routes, "attribute", read)).get("value");
    return Json.asObject(found).values().stream()
        .mapToLong(counts -> (Long) Json.asObject(counts).get(read))
        .sum();
  }

  @Test
  void routesOfWorkflowsCanBeDrawnAndOfTheOperatorsTheBeginning() {
    String drawn = draw(CONTEXT, "dumpRoutesAsXml()");
    assertThat(drawn)
        .contains("drover:node/default/two@1/second")
        .containsPattern("<route id=\"direct-tell\">\\s*<from id=\"\\w+\" uri=\"direct:tell\"/>")
        .doesNotContain(OPERATORS);
    assertThat(draw(CONTEXT, STATS, true, true)).contains("default/two@1/second");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'exec','mbean':'java.lang:type=Memory','operation':'gc'}",
        "{'type':'exec','mbean':'java.lang:*','operation':'gc'}",
        "{'type':'write','mbean':'java.lang:type=Memory','attribute':'Verbose','value':true}",
        "{'type':'exec','mbean':'com.sun.management:type=DiagnosticCommand',"
            + "'operation':'vmSystemProperties'}",
        "{'type':'exec','mbean':'com.sun.management:type=*','operation':'vmSystemProperties'}",
        "{'type':'exec','mbean':'org.apache.camel:type=*,*','operation':'dumpRoutesAsXml()'}",
        "{'type':'exec','mbean':'@context','operation':'dumpRoutesAsXml(boolean)',"
            + "'arguments':[true]}",
        "{'type':'exec','mbean':'@context','operation':'dumpRoutesAsYaml()'}",
        "{'type':'exec','mbean':'@context','operation':'requestBody','arguments':['log:x','x']}",
        "{'type':'exec','mbean':'@context','operation':'stop()'}",
        "{'type':'exec','mbean':'@route','operation':'stop()'}",
        "{'type':'exec','mbean':'@route','operation':'dumpRouteAsXml()'}",
        "{'type':'write','mbean':'@route','attribute':'Tracing','value':true}",
        "{'type':'read','mbean':'java.lang:type=Runtime'}",
        "{'type':'read','mbean':'java.lang:type=Runtime','attribute':'SystemProperties'}",
        "{'type':'read','mbean':'java.lang:*','attribute':'SystemProperties'}",
        "{'type':'read','mbean':'java.lang:type=Runtime','attribute':'InputArguments'}",
        "{'type':'read','mbean':'com.sun.management:type=HotSpotDiagnostic'}",
        "{'type':'read','mbean':'hawtio:*'}"
      })
  void nothingIsDoneAndNothingElseIsRead(String request) {
    String body =
        request
            .replace("@context", CONTEXT)
            .replace(
                "@route",
                "org.apache.camel:context=drover,type=routes,name=\"default/two@1/first\"")
            .replace("\"", "\\\"")
            .replace('\'', '"');
    assertThat(post(guarded, body).is(200).at("status")).as(body).isEqualTo(403L);
    assertThat(post(guarded, "[" + body + "," + body + "]").is(200).at("1.status")).isEqualTo(403L);
  }

  @Test
  void nothingThatIsShownHasASecretOrASystemPropertyInIt() {
    StringBuilder all = new StringBuilder();
    Object names = jolokia(Map.of("type", "search", "mbean", "*:*")).get("value");
    assertThat((List<?>) names).hasSizeGreaterThan(10);
    for (Object name : (List<?>) names) {
      Map<String, Object> read =
          Map.of("type", "read", "mbean", name, "config", Map.of("ignoreErrors", true));
      all.append(jolokia(read));
    }
    all.append(jolokia(Map.of("type", "list"))).append(jolokia(Map.of("type", "version")));
    assertThat(all.toString())
        .contains("ExchangesTotal")
        .doesNotContain(TOKEN, PASSWORD, OPERATORS, SIGNATURE, "jdbc:")
        .doesNotContain(System.getProperty("java.class.path"), System.getProperty("java.home"));
  }

  @Test
  void ofARouteIsReadHowItDoesAndNotWhatIsWrittenInIt() {
    String signed = "org.apache.camel:context=drover,type=routes,name=\"signed\"";
    Map<String, Object> all =
        Map.of("type", "read", "mbean", signed, "config", Map.of("ignoreErrors", true));
    Map<String, Object> read = Json.asObject(jolokia(all).get("value"));
    assertThat(read)
        .containsEntry("RouteId", "signed")
        .containsEntry("State", "Started")
        .containsEntry("Description", "Reads what is signed for.")
        .containsEntry("ExchangesTotal", 0L);
    for (String hidden : List.of("EndpointUri", "RouteProperties", "LastError")) {
      assertThat(String.valueOf(read.get(hidden))).contains("is forbidden for MBean");
      Map<String, Object> one =
          Map.of("type", "read", "mbean", signed, "attribute", List.of("State", hidden));
      assertThat(jolokia(one)).containsEntry("status", 403L);
    }
    for (String hidden : List.of("GlobalOptions", "ApplicationContextClassName")) {
      Map<String, Object> one = Map.of("type", "read", "mbean", CONTEXT, "attribute", hidden);
      assertThat(jolokia(one)).containsEntry("status", 403L);
    }
    assertThat(draw(CONTEXT, "dumpRoutesAsXml()") + draw(CONTEXT, STATS, true, true) + read)
        .contains("uri=\"stub:there\"")
        .doesNotContain(SIGNATURE);
  }

  /** Spring, which answers, and the container, before which we judge, read these differently. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/hawtio/../../metrics",
        "/actuator/hawtio/../../health",
        "/actuator/hawtio/index.html/../../../metrics",
        "/actuator/hawtio/%2e%2e/%2e%2e/metrics",
        "/actuator/hawtio/..;/..;/metrics",
        "/actuator/jolokia/list/../../../metrics",
        "/actuator/jolokia/../../health/x",
        "/actuator/jolokia/version/%2e%2e/../../../metrics",
        "/metrics/../actuator/hawtio/",
        "/metrics/..;/actuator/jolokia/version",
        "/metrics/%2e%2e/actuator/jolokia/version",
        "/metrics/..%2factuator/jolokia/version",
        "/metrics/..%5cactuator/jolokia/version",
        "/metrics/..\\..\\actuator/jolokia/version",
        "//actuator/jolokia/version",
        "/actuator//jolokia/version",
        "/actuator;/metrics/jolokia",
        "/health;/../actuator/hawtio/index.html",
        "/%61ctuator/jolokia/version",
        "/./actuator/jolokia/version",
        "http://127.0.0.1/actuator/hawtio/../../metrics",
        "/actuator/jolokia/version?/metrics",
        "/%6detrics"
      })
  void noOtherWayOfWritingAPathOpensAnything(String path) throws IOException {
    String answer = RawRequest.get(guarded.metricsPort(), path, "127.0.0.1", "");
    assertThat(answer)
        .as(path)
        .containsPattern("^HTTP/1.1 40[01] ")
        .doesNotContain("<base", "\"agent\"", "agentContext", "drover_");
    String known = "Authorization: Bearer " + TOKEN + "\r\n";
    assertThat(RawRequest.get(guarded.metricsPort(), path, "127.0.0.1", known))
        .as(path)
        .doesNotContain("HTTP/1.1 5");
  }

  @Test
  void requestsToOtherServersAreNotMade() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String host = "127.0.0.1:" + other.getLocalPort();
      Map<String, Object> target =
          Map.of("url", "service:jmx:rmi:///jndi/rmi://" + host + "/jmxrmi");
      jolokia(Map.of("type", "read", "mbean", "java.lang:type=Memory", "target", target));
      ask("/proxy/http/127.0.0.1/" + other.getLocalPort() + "/").isProblem(404);
      ask("/proxy/enabled").isProblem(404);
      other.setSoTimeout(1);
      assertThat(org.assertj.core.api.Assertions.catchThrowable(other::accept)).isNotNull();
    }
    ask("/auth/login").isProblem(404);
    ask("/keycloak/enabled").isProblem(404);
    Map<String, Object> notify = Map.of("type", "notification", "command", "register");
    assertThat(Json.asObject(jolokia(notify).get("value"))).containsEntry("backend", Map.of());
  }

  @Test
  void pagesOfOtherSitesReachNothing() throws IOException {
    for (RunningServer server : List.of(guarded, open)) {
      HttpRequest.Builder json =
          authorized(get(JOLOKIA)).header("Content-Type", "application/json");
      send(server, json.copy().header("Origin", "http://evil.example")).isProblem(403);
      send(server, json.copy().header("Origin", "null")).isProblem(403);
      send(server, json.copy().header("Sec-Fetch-Site", "cross-site")).isProblem(403);
      HttpRequest.Builder link =
          authorized(get(HAWTIO + "/"))
              .header("Sec-Fetch-Site", "cross-site")
              .header("Sec-Fetch-Mode", "navigate");
      send(server, link.copy().header("Sec-Fetch-Dest", "iframe")).isProblem(403);
      send(server, link.copy().header("Sec-Fetch-Dest", "document")).is(200);
      String own = "http://127.0.0.1:" + server.metricsPort();
      Reply seen =
          send(server, json.copy().header("Origin", own).header("Sec-Fetch-Site", "same-origin"));
      assertThat(seen.is(200).http().headers().map())
          .doesNotContainKey("access-control-allow-origin");
    }
    // A name of theirs that leads to loopback: its pages are of the same origin.
    assertThat(RawRequest.get(open.metricsPort(), JOLOKIA, "evil.example:9464", ""))
        .startsWith("HTTP/1.1 403");
  }

  @Test
  void operationsThatAreSwitchedOnSteerRoutesByPostAndDoNothingElse() {
    String route = "org.apache.camel:context=drover,type=routes,name=\"default/two@1/first\"";
    for (String operation : List.of("suspend()", "resume()", "reset()")) {
      Map<String, Object> steer = Map.of("type", "exec", "mbean", route, "operation", operation);
      assertThat(jolokia(open, steer)).containsEntry("status", 200L);
    }
    String link = JOLOKIA + "?p=exec/java.lang:type%3DMemory/gc";
    assertThat(send(open, get(link)).at("status")).isEqualTo(403L);
    for (Map<String, Object> refused :
        List.<Map<String, Object>>of(
            Map.of("type", "exec", "mbean", route, "operation", "remove()"),
            Map.of("type", "exec", "mbean", "java.lang:type=Memory", "operation", "gc"),
            Map.of("type", "write", "mbean", route, "attribute", "Tracing", "value", true))) {
      assertThat(jolokia(open, refused)).containsEntry("status", 403L);
    }
  }

  @Test
  void bodiesAreBounded() {
    post(guarded, "[" + " ".repeat(1 << 20) + "]").isProblem(413);
    HttpRequest.Builder chunked =
        authorized(get(JOLOKIA))
            .POST(
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[9])));
    send(guarded, chunked).isProblem(411);
  }

  private static String draw(String mbean, String operation, Object... arguments) {
    Map<String, Object> request =
        Map.of(
            "type",
            "exec",
            "mbean",
            mbean,
            "operation",
            operation,
            "arguments",
            List.of(arguments));
    return String.valueOf(jolokia(request).get("value"));
  }

  private static Map<String, Object> jolokia(Map<String, Object> request) {
    return jolokia(guarded, request);
  }

  private static Map<String, Object> jolokia(RunningServer server, Map<String, Object> request) {
    return post(server, Json.print(request)).is(200).object();
  }

  private static Reply post(RunningServer server, String body) {
    return send(
        server,
        authorized(get(JOLOKIA))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static Reply ask(String path) {
    return send(guarded, authorized(get(HAWTIO + path)));
  }

  private static HttpRequest.Builder authorized(HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + TOKEN);
  }

  /** To the port of metrics, which {@link #send} knows. */
  private static HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1" + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static Reply send(RunningServer server, HttpRequest.Builder request) {
    URI uri = request.build().uri();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String there = "http://127.0.0.1:" + server.metricsPort() + uri.getRawPath() + query;
    return server.send(request.copy().uri(URI.create(there)));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
