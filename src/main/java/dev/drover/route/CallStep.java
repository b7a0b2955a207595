package dev.drover.route;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.run.Attempted;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunEvent;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends a node's data to a Camel endpoint and takes the reply as the output. The data goes as JSON
 * into the body; the headers are ours alone, so that nothing in the data can address, configure or
 * script the endpoint.
 */
final class CallStep implements StepRunner {
  /** How long an endpoint may take if its node does not say. */
  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  private final Step.To step;
  private final CamelContext camel;
  private final ExecutorService callers;
  private final Parts parts;
  private volatile @Nullable AsyncProducer producer;

  /**
   * @param callers where endpoints are called: most components block the thread that calls them
   */
  CallStep(Step.To step, CamelContext camel, ExecutorService callers, Parts parts) {
    this.step = step;
    this.camel = camel;
    this.callers = callers;
    this.parts = parts;
  }

  @Override
  public CompletableFuture<Result> run(Turn turn) throws ExpressionFailure {
    String body = Json.print(step.with().evaluate(turn.scope()));
    Instant startedAt = parts.clock().instant();
    CompletableFuture<Void> unused =
        parts
            .journal()
            .start(
                new Journal.AttemptStart(
                    turn.execution().id(),
                    turn.execution().epoch(),
                    turn.item(),
                    turn.number(),
                    "camel",
                    Optional.empty(),
                    startedAt));
    CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
    callers.execute(() -> call(turn, body, reply));
    turn.execution()
        .whenStopped(turn.item(), reason -> reply.completeExceptionally(new Stopped(reason)));
    Duration timeout = turn.timeout().orElse(DEFAULT_TIMEOUT);
    return reply
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .<Result>thenApply(value -> done(turn, startedAt, new NodeOutcome.Succeeded(value)))
        .exceptionallyCompose(
            thrown ->
                cause(thrown) instanceof NotBegun notBegun
                    ? CompletableFuture.failedFuture(notBegun)
                    : CompletableFuture.completedFuture(
                        done(turn, startedAt, failed(cause(thrown), timeout))));
  }

  private Result done(Turn turn, Instant startedAt, NodeOutcome outcome) {
    RunEvent.CallEnded call =
        new RunEvent.CallEnded(
            turn.place(),
            outcome.state(),
            outcome instanceof NodeOutcome.Failed failed
                ? Optional.of(failed.failure())
                : Optional.empty(),
            new Attempted.Times(startedAt, parts.clock().instant()));
    return new Result.Done(outcome, Optional.of(Journal.AttemptEnd.of(call)), true);
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  private void call(Turn turn, String body, CompletableFuture<@Nullable Object> reply) {
    if (reply.isDone()) {
      return; // it waited for a thread too long: nobody wants its effect any more
    }
    if (!turn.execution().mayStart()) {
      reply.completeExceptionally(
          new NotBegun(new IllegalStateException("the run is not this server's any more")));
      return;
    }
    try {
      AsyncProducer target = producer();
      Exchange exchange = target.getEndpoint().createExchange(ExchangePattern.InOut);
      exchange.getMessage().setBody(body);
      exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
      exchange.getMessage().setHeader("DroverRun", turn.execution().id().toString());
      exchange.getMessage().setHeader("DroverNode", turn.item().node().value());
      exchange.getMessage().setHeader("DroverAttempt", turn.number());
      exchange.getMessage().setHeader("DroverIdempotencyKey", turn.idempotencyKey());
      turn.trace()
          .ifPresent(place -> exchange.getMessage().setHeader("traceparent", place.toString()));
      target.process(exchange, sync -> answer(exchange, reply));
    } catch (Exception | Error e) { // an Error must not leave the node waiting for its time limit
      reply.completeExceptionally(e);
    }
  }

  /** An endpoint can't be stopped; the node does not wait for it any more. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Stopped(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private static void answer(Exchange exchange, CompletableFuture<@Nullable Object> reply) {
    if (exchange.getException() != null) {
      reply.completeExceptionally(exchange.getException());
      return;
    }
    try {
      reply.complete(plain(exchange));
    } catch (RuntimeException | Error e) {
      reply.completeExceptionally(e);
    }
  }

  /** The reply as JSON if it is JSON, else as text. */
  private static @Nullable Object plain(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body == null || body instanceof Boolean || body instanceof Long) {
      return body;
    }
    if (body instanceof java.util.Map || body instanceof java.util.List) {
      return Json.parseTrusted(Json.print(body));
    }
    String text = exchange.getMessage().getBody(String.class);
    try {
      return text == null ? null : Json.parse(text);
    } catch (InvalidJson e) {
      return text;
    }
  }

  private static NodeOutcome failed(Throwable cause, Duration timeout) {
    if (cause instanceof Stopped stopped) {
      return new NodeOutcome.Cancelled(stopped.reason);
    }
    return new NodeOutcome.Failed(
        cause instanceof TimeoutException
            ? Failure.of(Failure.TIMEOUT, "the endpoint did not answer within " + timeout)
            : Failure.of(cause));
  }

  private AsyncProducer producer() throws Exception {
    AsyncProducer known = producer;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      if (producer == null) {
        AsyncProducer made = camel.getEndpoint(step.uri()).createAsyncProducer();
        made.start();
        producer = made;
      }
      return java.util.Objects.requireNonNull(producer);
    }
  }
}
