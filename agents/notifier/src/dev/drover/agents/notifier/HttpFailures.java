package dev.drover.agents.notifier;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.ClientProtocolException;

/**
 * Decides for HTTP what may be tried again, and finds the words. Answers' bodies are not quoted: a
 * receiver may echo the path, and the path may be the secret.
 */
final class HttpFailures {

  private static final Set<Integer> TRY_AGAIN = Set.of(408, 425, 429);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private HttpFailures() {}

  static Outcome ofStatus(String host, int status, String retryAfter) {
    if (TRY_AGAIN.contains(status) || status >= 500) {
      String wish =
          SECONDS.matcher(retryAfter).matches() ? ", asking to wait " + retryAfter + " s" : "";
      return new Outcome.TemporaryFailure(host + " answered HTTP " + status + wish);
    }
    return new Outcome.PermanentFailure(host + " answered HTTP " + status + ": " + advice(status));
  }

  private static String advice(int status) {
    if (status >= 300 && status < 400) {
      return "redirects are not followed; give the final address as url";
    }
    return switch (status) {
      case 401, 403 -> "check that the url's key is still valid there";
      case 404, 410 -> "check the url's path; the receiver may have been removed";
      case 413 -> "send less text or fewer fields";
      default -> "the receiver does not accept this message; check url and channel";
    };
  }

  static Outcome ofException(String host, Exception failure) {
    if (Causes.find(failure, UnknownHostException.class)) {
      return new Outcome.TemporaryFailure(host + " is not known to DNS; check the host's name");
    }
    if (Causes.find(failure, InterruptedIOException.class)) {
      return new Outcome.TemporaryFailure(host + " did not answer in time");
    }
    if (Causes.refusesTls(failure)) {
      return new Outcome.PermanentFailure(
          "no TLS connection with " + host + "; check scheme, port and certificate");
    }
    if (Causes.find(failure, ConnectException.class)) {
      return new Outcome.TemporaryFailure(host + " can't be connected to; is it running there?");
    }
    if (Causes.find(failure, ClientProtocolException.class)) {
      return new Outcome.PermanentFailure(host + " does not speak HTTP; check scheme and port");
    }
    if (Causes.find(failure, IOException.class)) {
      return new Outcome.TemporaryFailure("the connection to " + host + " was lost");
    }
    return new Outcome.PermanentFailure(
        "sending to " + host + " failed unexpectedly: " + Causes.names(failure));
  }
}
