package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.DaggerRuntime.Egress;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.TestCli;
import dev.drover.agent.dagger.TestEngine;
import dev.drover.agent.dagger.TestEngine.Flavour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component in routes written by hand. */
class DaggerComponentIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static TestEngine engine;
  private static TestCli cli;
  private static DaggerEngine dagger;
  private static DefaultCamelContext camel;
  private static ProducerTemplate template;

  @BeforeAll
  static void start() throws Exception {
    RequiredTool.assume("bwrap");
    engine = new TestEngine(Flavour.ONE_ID, folder.resolve("store"));
    cli = new TestCli(folder.resolve("cli")).leadsTo(engine);
    dagger = new DaggerEngine(SessionSettings.of(cli.environment()));
    camel = new DefaultCamelContext();
    camel.addComponent(
        DaggerComponent.SCHEME,
        new DaggerComponent(
            dagger,
            name -> name.equals("KEY") ? Optional.of("s3cr3t-value") : Optional.empty(),
            Egress.ALLOWED));
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:upper").to("dagger:test:1?args=tr a-z A-Z&timeout=20s");
          }
        });
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterAll
  static void stop() {
    if (camel != null) {
      camel.stop();
      dagger.close();
      engine.close();
    }
  }

  private static Exchange send(String uri, Object body) {
    return template.request(uri, exchange -> exchange.getMessage().setBody(body));
  }

  private static String body(Exchange exchange) {
    assertThat(exchange.getException()).isNull();
    return exchange.getMessage().getBody(String.class);
  }

  @Test
  void theBodyIsStdinAndBecomesStdout() {
    assertThat(template.requestBody("direct:upper", "from a route", String.class))
        .isEqualTo("FROM A ROUTE");
  }

  @Test
  void anEndpointAloneStartsNothing() throws Exception {
    DaggerEngine other =
        new DaggerEngine(SessionSettings.of(new TestCli(folder.resolve("other")).environment()));
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.addComponent(
          DaggerComponent.SCHEME, new DaggerComponent(other, n -> Optional.empty(), Egress.DENIED));
      context.start();
      context.getEndpoint("dagger:test:1?args=cat&network=none").createProducer().start();
    }
    assertThat(folder.resolve("other/pids")).doesNotExist();
  }

  @Test
  void optionsAreTheEndpointsAndQuotesKeepBlanks() {
    String uri =
        "dagger:test:1?args=RAW(sh -c 'echo $A $USER_KEY; pwd; id -u; cat')"
            + "&env.A=one&secret.USER_KEY=KEY&workdir=/tmp&user=7:7";
    Exchange exchange = send(uri, "body $A");

    assertThat(body(exchange)).isEqualTo("one ***\n/tmp\n7\nbody $A");
    assertThat(exchange.getMessage().getHeader(DaggerEndpoint.EXIT_CODE)).isEqualTo(0);
    assertThat(exchange.getMessage().getHeader(DaggerEndpoint.DURATION, Long.class)).isPositive();
    assertThat(String.join("\n", engine.queries())).doesNotContain("s3cr3t-value");
  }

  @Test
  void headersOfAMessageChangeNothing() {
    Exchange exchange =
        template.request(
            "dagger:test:1?args=cat",
            e -> {
              e.getMessage().setBody("in");
              e.getMessage().setHeader("args", "id");
              e.getMessage().setHeader("CamelDaggerImage", "other:1");
            });

    assertThat(body(exchange)).isEqualTo("in");
  }

  @Test
  void anExitCodeIsAnExceptionUnlessItIsAskedFor() {
    String script = "args=RAW(sh -c 'echo out; echo why >&2; exit 3')";

    Exchange failed = send("dagger:test:1?" + script, "");
    assertThat(failed.getException()).hasMessageContaining("exit code 3: why");
    assertThat(failed.getMessage().getHeader(DaggerEndpoint.EXIT_CODE)).isEqualTo(3);

    Exchange asked = send("dagger:test:1?failOnExitCode=false&" + script, "");
    assertThat(body(asked)).isEqualTo("out\n");
    assertThat(asked.getMessage().getHeader(DaggerEndpoint.EXIT_CODE)).isEqualTo(3);
  }

  @Test
  void timeAndOutputAreBounded() {
    assertThat(send("dagger:test:1?args=sleep 60&timeout=1s", "").getException())
        .hasMessageContaining("did not end within 1000 ms");
    assertThat(send("dagger:test:1?args=cat /dev/zero&outputLimit=1000", "").getException())
        .hasMessageContaining("more than 1000 bytes");
    await().atMost(SOON).until(() -> engine.running() == 0);
  }

  @Test
  void secretsAreInNoExceptionWhateverTheEngineSays() throws Exception {
    try (TestEngine open = new TestEngine(Flavour.ONE_ID, folder.resolve("open"));
        DaggerEngine other = new DaggerEngine(SessionSettings.of(open.environment()));
        DefaultCamelContext context = new DefaultCamelContext()) {
      open.withoutMasks();
      context.addComponent(
          DaggerComponent.SCHEME,
          new DaggerComponent(other, name -> Optional.of("s3cr3t-value"), Egress.ALLOWED));
      context.start();
      ProducerTemplate to = context.createProducerTemplate();
      String told = "dagger:test:1?secret.KEY=KEY&args=RAW(sh -c 'echo why $KEY >&2; exit 3')";
      String image = "dagger:no-s3cr3t-value:1?secret.KEY=KEY&args=true";

      assertThat(to.request(told, e -> {}).getException()).hasMessageEndingWith("code 3: why ***");
      assertThat(to.request(image, e -> {}).getException())
          .hasMessageContaining("failed to resolve image no-***:1")
          .hasMessageNotContaining("s3cr3t");
    }
  }

  @Test
  void aDigestIsPartOfTheAddress() {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    String image = "registry.example.com:5000/team/tool@" + digest;

    assertThat(send("dagger:" + image + "?args=true", "").getException())
        .hasMessageContaining("failed to resolve image " + image);
  }

  @Test
  void whatCannotBeIsRefusedWithTheEndpoint() {
    assertThatThrownBy(() -> camel.getEndpoint("dagger:test:1?args=id&network=none"))
        .hasStackTraceContaining("engine-egress=denied");
    assertThatThrownBy(() -> camel.getEndpoint("dagger:test:1?arg=id"))
        .hasStackTraceContaining("arg");
    assertThat(send("dagger:test:1", "").getException()).hasMessageContaining("no args");
    assertThat(send("dagger:test:1?args=id&secret.A=NONE", "").getException())
        .hasMessageContaining("the secret NONE is not known");
  }
}
