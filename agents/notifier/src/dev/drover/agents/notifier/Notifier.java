package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.Program;
import dev.drover.agents.kit.Work;
import dev.drover.agents.kit.WorkFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The program: tells one message to one receiver and gives a receipt for it. */
public final class Notifier implements Work {

  private final Clock clock;

  Notifier(Clock clock) {
    this.clock = clock;
  }

  /** Runs once, or as long as the engine keeps it warm. */
  public static void main(String[] arguments) {
    Program.main(new Notifier(Clock.systemUTC()));
  }

  @Override
  public JsonNode run(InputObject input, Call call) throws BadInput, WorkFailure {
    long start = System.nanoTime();
    Request request = new RequestReader(call.environment()).read(input);
    Outcome outcome = deliver(request, call);
    if (outcome instanceof Outcome.TemporaryFailure temporary) {
      throw WorkFailure.temporary(temporary.reason());
    }
    if (outcome instanceof Outcome.PermanentFailure permanent) {
      throw WorkFailure.permanent(permanent.reason());
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    call.say("delivered in " + millis + " ms");
    return receipt(request.target(), (Outcome.Delivered) outcome, millis);
  }

  private static ObjectNode receipt(Target target, Outcome.Delivered delivered, long millis) {
    ObjectNode receipt = JsonNodeFactory.instance.objectNode();
    receipt.put("channel", target.channel());
    receipt.put("delivered", true);
    delivered.status().ifPresent(status -> receipt.put("status", status));
    receipt.put("target", target.host());
    delivered.thread().ifPresent(thread -> receipt.put("thread", thread));
    receipt.put("durationMillis", millis);
    return receipt;
  }

  /**
   * A socket's time-out starts anew with every byte, so the whole delivery has a deadline of its
   * own.
   */
  private Outcome deliver(Request request, Call call) {
    FutureTask<Outcome> delivery = new FutureTask<>(() -> send(request, call));
    Thread thread = new Thread(delivery, "delivery");
    thread.setDaemon(true);
    thread.start();
    Duration timeout = request.timeout();
    String host = request.target().host();
    try {
      return delivery.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      delivery.cancel(true);
      return new Outcome.TemporaryFailure(
          host + " did not finish within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      return new Outcome.PermanentFailure(
          "sending to " + host + " failed unexpectedly: " + Causes.names(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      delivery.cancel(true);
      return new Outcome.TemporaryFailure("interrupted while sending to " + host);
    }
  }

  private Outcome send(Request request, Call call) {
    Message message = request.message();
    Attempt attempt = Attempt.from(call.environment());
    Target target = request.target();
    if (target instanceof Target.Log) {
      return new LogSender(call.log()).send(message);
    }
    call.say("sending by " + target.channel() + " to " + target.host());
    if (target instanceof Target.Email email) {
      warnOfBarePassword(email.server(), call);
      return new MailSender(email.server(), request.timeout())
          .send(message, email.envelope(), attempt);
    }
    return new HttpSender(attempt, request.timeout()).send(post(target, message, attempt));
  }

  private Post post(Target target, Message message, Attempt attempt) {
    if (target instanceof Target.Webhook webhook) {
      Post post = Post.of(webhook.url(), WebhookBody.of(message, attempt, webhook.threadKey()));
      return webhook
          .signingKey()
          .map(key -> Signature.signed(post, key, clock.instant()))
          .orElse(post);
    }
    if (target instanceof Target.SlackWebhook slack) {
      JsonNode body =
          slack.blocks() ? SlackBlocks.of(message, attempt) : SlackBody.of(message, attempt);
      return Post.of(slack.url(), body);
    }
    if (target instanceof Target.SlackChannel slack) {
      return SlackApi.post(slack, message, attempt);
    }
    if (target instanceof Target.PagerDuty pagerDuty) {
      return PagerDutyEvent.post(pagerDuty, message, attempt);
    }
    return Post.of(((Target.Teams) target).url(), TeamsCard.of(message, attempt));
  }

  private static void warnOfBarePassword(Target.MailServer server, Call call) {
    if (server.login().isPresent() && !server.startTls()) {
      call.say("warning: smtp.startTls is false, so the password travels unencrypted");
    }
  }
}
