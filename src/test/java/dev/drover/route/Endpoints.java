package dev.drover.route;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Endpoints for {@code to} nodes; each remembers the idempotency keys of its calls. */
public final class Endpoints extends RouteBuilder {
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<String> called = new CopyOnWriteArrayList<>();

  @Override
  public void configure() {
    from("direct:echo").routeId("echo").process(this::note);
    from("direct:boom")
        .routeId("boom")
        .process(this::note)
        .throwException(new IllegalStateException("boom"));
    from("direct:hold")
        .routeId("hold")
        .process(this::note)
        .process(exchange -> gate.await(30, TimeUnit.SECONDS));
    from("direct:error")
        .routeId("error")
        .process(
            exchange -> {
              throw new AssertionError("not so", new IllegalStateException("the cause"));
            });
    from("direct:nul")
        .routeId("nul")
        .process(this::note)
        .process(
            exchange -> {
              throw new IllegalStateException("a NUL: \0 in it");
            });
    // Fails at the first two attempts of each key.
    from("direct:third").routeId("third").process(this::note).process(Endpoints::failTwice);
  }

  private void note(Exchange exchange) {
    called.add(exchange.getMessage().getHeader("DroverIdempotencyKey", String.class));
  }

  private static void failTwice(Exchange exchange) {
    if (exchange.getMessage().getHeader("DroverAttempt", int.class) < 3) {
      throw new IllegalStateException("not yet");
    }
  }

  /** The idempotency keys of all calls, in their order. */
  public List<String> keys() {
    return List.copyOf(called);
  }

  /** How many calls there were for nodes of that id or item. */
  public long count(String item) {
    return called.stream().filter(key -> key.endsWith("/" + item)).count();
  }

  /** Waits until there were so many calls. */
  public void awaitCalls(int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> called.size() >= count);
  }

  /** Lets all calls at {@code direct:hold} go, now and later. */
  public void letGo() {
    gate.countDown();
  }
}
