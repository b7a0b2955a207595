package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The program: one order as JSON on standard input, one receipt as JSON on standard output, words
 * on standard error. Exit 0 means delivered, 75 that trying again may help, 1 that it won't.
 */
public final class Notifier {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int TRY_AGAIN = 75;
  private static final int MOST_INPUT = 1 << 20;

  private final Map<String, String> environment;
  private final PrintStream log;

  Notifier(Map<String, String> environment, PrintStream log) {
    this.environment = environment;
    this.log = log;
  }

  /**
   * Runs once and ends the process. Standard output is taken away from everything else first, and
   * libraries are made silent: what they would log may hold an address or a password, and what
   * matters of it comes back as an exception.
   */
  public static void main(String[] arguments) {
    PrintStream output = System.out;
    PrintStream log = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.setOut(log);
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    int exit = new Notifier(System.getenv(), log).run(System.in, output);
    System.exit(exit);
  }

  /**
   * Reads one order, carries it out, and writes the receipt if it was delivered; returns the exit
   * code.
   */
  int run(InputStream input, OutputStream output) {
    long start = System.nanoTime();
    try {
      byte[] document = input.readNBytes(MOST_INPUT + 1);
      if (document.length > MOST_INPUT) {
        throw new BadInput("the input is larger than " + MOST_INPUT + " bytes");
      }
      Request request = new RequestReader(environment).read(document);
      return report(request, deliver(request), start, output);
    } catch (BadInput e) {
      return failed("bad input: " + e.getMessage());
    } catch (IOException e) {
      return failed("standard input or output broke: " + Causes.names(e));
    }
  }

  private int report(Request request, Outcome outcome, long start, OutputStream output)
      throws IOException {
    if (outcome instanceof Outcome.Delivered delivered) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      ObjectNode receipt = receipt(request.target(), delivered, millis);
      output.write(receipt.toString().getBytes(StandardCharsets.UTF_8));
      output.write('\n');
      output.flush();
      say("delivered in " + millis + " ms");
      return OK;
    }
    if (outcome instanceof Outcome.TemporaryFailure temporary) {
      say("temporary failure: " + temporary.reason());
      return TRY_AGAIN;
    }
    return failed(((Outcome.PermanentFailure) outcome).reason());
  }

  private static ObjectNode receipt(Target target, Outcome.Delivered delivered, long millis) {
    ObjectNode receipt = JsonNodeFactory.instance.objectNode();
    receipt.put("channel", target.channel());
    receipt.put("delivered", true);
    delivered.status().ifPresent(status -> receipt.put("status", status));
    receipt.put("target", target.host());
    receipt.put("durationMillis", millis);
    return receipt;
  }

  /**
   * A socket's time-out starts anew with every byte, so the whole delivery has a deadline of its
   * own.
   */
  private Outcome deliver(Request request) {
    FutureTask<Outcome> delivery = new FutureTask<>(() -> send(request));
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

  private Outcome send(Request request) {
    Message message = request.message();
    Attempt attempt = Attempt.from(environment);
    Target target = request.target();
    if (!(target instanceof Target.Log)) {
      say("sending by " + target.channel() + " to " + target.host());
    }
    HttpSender http = new HttpSender(attempt, request.timeout());
    if (target instanceof Target.Webhook webhook) {
      return http.send(webhook.url(), WebhookBody.of(message, attempt));
    }
    if (target instanceof Target.Slack slack) {
      return http.send(slack.url(), SlackBody.of(message, attempt));
    }
    if (target instanceof Target.Email email) {
      warnOfBarePassword(email.server());
      return new MailSender(email.server(), request.timeout())
          .send(message, email.envelope(), attempt);
    }
    return new LogSender(log).send(message);
  }

  private void warnOfBarePassword(Target.MailServer server) {
    if (server.login().isPresent() && !server.startTls()) {
      say("warning: smtp.startTls is false, so the password travels unencrypted");
    }
  }

  private int failed(String reason) {
    say("failed: " + reason);
    return FAILED;
  }

  private void say(String line) {
    log.println(line);
    log.flush();
  }
}
