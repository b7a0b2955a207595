package dev.drover.agents.notifier;

import dev.drover.agents.kit.PlainText;
import jakarta.mail.AuthenticationFailedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * Decides for SMTP what may be tried again, and finds the words. A mail with several refused
 * recipients is lost for good as soon as one refusal is.
 */
final class SmtpFailures {

  private static final int MOST_REPLY = 300;

  /**
   * Where the mail library keeps the code only in words: at the start of a login's refusal, or
   * behind a greeting's.
   */
  private static final Pattern CODE_IN_WORDS =
      Pattern.compile("^([245][0-9]{2})\\b|response: ([245][0-9]{2})\\b");

  private SmtpFailures() {}

  static Outcome of(Target.MailServer server, Exception failure) {
    OptionalInt worst =
        Causes.chain(failure).stream()
            .mapToInt(SmtpFailures::code)
            .filter(code -> code >= 400)
            .max();
    return worst.isPresent()
        ? refused(server, worst.getAsInt(), failure)
        : unanswered(server, failure);
  }

  private static Outcome unanswered(Target.MailServer server, Exception failure) {
    String at = server.host() + ":" + server.port();
    if (Causes.find(failure, UnknownHostException.class)) {
      return new Outcome.TemporaryFailure(server.host() + " is not known to DNS; check smtp.host");
    }
    if (Causes.find(failure, InterruptedIOException.class)) {
      return new Outcome.TemporaryFailure(at + " did not answer in time");
    }
    if (Causes.refusesTls(failure)) {
      return new Outcome.PermanentFailure(
          "no TLS connection with " + at + "; check its certificate");
    }
    if (Causes.find(failure, MailConnectException.class)) {
      return new Outcome.TemporaryFailure(at + " can't be connected to; is it running there?");
    }
    if (Causes.find(failure, IOException.class) || lostInWords(failure)) {
      return new Outcome.TemporaryFailure("the connection to " + at + " was lost");
    }
    if (server.startTls() && wordsOf(failure).contains("STARTTLS")) {
      return new Outcome.PermanentFailure(
          at + " does not offer STARTTLS; use its submission port, or set smtp.startTls to false");
    }
    return new Outcome.PermanentFailure(
        "sending to " + at + " failed unexpectedly: " + Causes.names(failure));
  }

  private static Outcome refused(Target.MailServer server, int code, Exception failure) {
    String reply = server.host() + " answered SMTP " + code + reply(server, code, failure);
    if (code < 500) {
      return new Outcome.TemporaryFailure(reply);
    }
    String advice =
        Causes.find(failure, AuthenticationFailedException.class)
            ? "; check smtp.username and the password"
            : "; check smtp.from, to and cc";
    return new Outcome.PermanentFailure(reply + advice);
  }

  /**
   * The server's own words are what a postmaster needs; the password is taken out in case it says
   * that too.
   */
  private static String reply(Target.MailServer server, int code, Exception failure) {
    String words =
        Causes.chain(failure).stream()
            .filter(cause -> code(cause) == code && cause.getMessage() != null)
            .reduce((outer, inner) -> inner)
            .map(cause -> String.valueOf(cause.getMessage()))
            .orElse("");
    String masked =
        server.login().map(login -> words.replace(login.password(), "***")).orElse(words);
    return " (" + PlainText.cut(PlainText.oneLine(masked).strip(), MOST_REPLY) + ")";
  }

  private static int code(Throwable cause) {
    if (cause instanceof SMTPAddressFailedException address) {
      return address.getReturnCode();
    }
    if (cause instanceof SMTPSenderFailedException sender) {
      return sender.getReturnCode();
    }
    if (cause instanceof SMTPSendFailedException send) {
      return send.getReturnCode();
    }
    Matcher words = CODE_IN_WORDS.matcher(String.valueOf(cause.getMessage()));
    if (!words.find()) {
      return -1;
    }
    return Integer.parseInt(words.group(1) == null ? words.group(2) : words.group(1));
  }

  private static boolean lostInWords(Exception failure) {
    return wordsOf(failure).contains("[EOF]") || wordsOf(failure).contains("response: -1");
  }

  private static String wordsOf(Exception failure) {
    StringBuilder words = new StringBuilder();
    Causes.chain(failure).forEach(cause -> words.append(cause.getMessage()).append('\n'));
    return words.toString();
  }
}
