package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list of hosts, tried with the clients that agents use. */
class SandboxNetworkIT extends LocalAgents {
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer web;
  private int port;

  @BeforeAll
  static void needsTools() {
    RequiredTool.assume("bwrap");
    RequiredTool.assume("perl");
  }

  @BeforeEach
  void startWeb() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] answer = "{\"path\":\"%s\"}".formatted(exchange.getRequestURI()).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    web.start();
    port = web.getAddress().getPort();
  }

  @AfterEach
  void stopWeb() {
    web.stop(0);
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  private TestAgent listed(String name) {
    return agent(name).with("network: [\"127.0.0.1:" + port + "\"]");
  }

  @Test
  void curlReachesAListedHostAndNoOther() {
    RequiredTool.assume("curl");
    String url = "http://127.0.0.1:" + port;
    TestAgent good = listed("good").script("curl -sS " + url + "/plain");
    TestAgent tunnel = listed("tunnel").script("curl -sS --proxytunnel " + url + "/tunnel");
    TestAgent evil =
        listed("evil")
            .script("curl -sS https://evil.example.net/ || curl -sSf http://127.0.0.1:1/");

    assertThat(output(run(good))).isEqualTo(Map.of("path", "/plain"));
    assertThat(output(run(tunnel))).isEqualTo(Map.of("path", "/tunnel"));
    Failed refused = failed(run(evil), FailureType.EXIT_CODE);
    assertThat(refused.message())
        .contains("refused by its network list: evil.example.net:443", "127.0.0.1:1 (it is not");
    assertThat(requests).hasValue(2);
  }

  @Test
  void aJvmReachesAListedHostWithoutDoingAnythingForIt() {
    String source =
        """
        import java.net.URI;
        import java.net.http.*;
        public class Ask {
          public static void main(String[] a) throws Exception {
            var request = HttpRequest.newBuilder(URI.create(a[0])).build();
            var body = HttpResponse.BodyHandlers.ofString();
            System.out.println(HttpClient.newHttpClient().send(request, body).body());
          }
        }
        """;
    TestAgent java =
        listed("java")
            .command("[java, Ask.java, \"http://127.0.0.1:" + port + "/java\"]")
            .file("Ask.java", source);

    assertThat(output(run(java))).isEqualTo(Map.of("path", "/java"));
  }

  @Test
  void whoGoesRoundTheProxyFindsNothing() {
    RequiredTool.assume("curl");
    TestAgent direct =
        listed("direct")
            .script(
                "curl -sS --noproxy '*' -m 2 http://127.0.0.1:" + port + "/ && echo REACHED >&2",
                "curl -sS --noproxy '*' -m 2 http://1.1.1.1/ && echo REACHED >&2",
                "ls /sys/class/net 2>/dev/null >&2; cat /proc/net/route | wc -l");

    assertThat(output(run(direct))).isEqualTo(1L); // the heading
    assertThat(lines()).doesNotContain("REACHED");
    assertThat(requests).hasValue(0);
  }

  @Test
  void moreConnectionsThanAreCarriedWaitAndEndWell() {
    String script =
        """
        use strict; use IO::Socket::INET;
        my ($host, @all) = ($ARGV[0]);
        for (1 .. 150) {
          push @all, my $one = IO::Socket::INET->new("127.0.0.1:3128") or die "connect: $!";
          syswrite $one, "CONNECT $host HTTP/1.1\\r\\n\\r\\n";
        }
        my $good = 0;
        for my $one (@all) {
          sysread $one, my $opened, 1000;
          syswrite $one, "GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n";
          my $answer = join '', <$one>;
          $good++ if $answer =~ /path/;
          close $one;
        }
        print $good;
        """;
    TestAgent many =
        listed("many")
            .command("[perl, many.pl, \"127.0.0.1:" + port + "\"]")
            .file("many.pl", script);

    assertThat(output(run(many))).isEqualTo(150L);
  }

  @Test
  void eachAttemptOfAWarmAgentHearsOfItsRefusals() {
    RequiredTool.assume("curl");
    TestAgent warm =
        listed("warm")
            .with("warm: true")
            .script(
                "i=0; while IFS= read -r line; do i=$((i+1))",
                "curl -sS https://evil.example.net/ >&2",
                "test $i = 1 && echo '{\"output\":1}' || echo '{\"exit\":3,\"message\":\"second\"}'",
                "done");
    assertThat(output(run(warm))).isEqualTo(1L);

    Failed second = failed(run(warm), FailureType.EXIT_CODE);

    assertThat(second.message()).contains("second", "network list: evil.example.net:443");
  }

  @Test
  void theForwarderIsNobodysChildAndHoldsNoPipe() {
    TestAgent agent =
        listed("quiet").script("wait; jobs; ls /proc/self/fd | wc -l").with("timeout: 5s");

    assertThat(output(run(agent))).isEqualTo(4L); // its own folder is one of them
  }
}
