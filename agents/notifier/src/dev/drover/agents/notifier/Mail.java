package dev.drover.agents.notifier;

import dev.drover.agents.kit.PlainText;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The message as a mail. It is built here rather than from exchange headers, which Camel splits at
 * commas and lets decide about further mail headers. The idempotency key makes the Message-ID, so
 * that the mails of two attempts are the same one to a mailbox that drops duplicates.
 */
final class Mail {

  private static final int MOST_SUBJECT = 200;

  private Mail() {}

  static MimeMessage of(Message message, Target.Envelope envelope, Attempt attempt)
      throws MessagingException {
    MimeMessage mail = new MimeMessage((Session) null);
    mail.setFrom(envelope.from());
    mail.setRecipients(RecipientType.TO, array(envelope.to()));
    mail.setRecipients(RecipientType.CC, array(envelope.cc()));
    String subject = envelope.subject().orElse(message.severity().label() + " " + message.title());
    mail.setSubject(PlainText.cut(PlainText.oneLine(subject), MOST_SUBJECT), "UTF-8");
    mail.setText(body(message, attempt), "UTF-8");
    mail.setHeader("Auto-Submitted", "auto-generated");
    if (attempt.idempotencyKey().isPresent()) {
      String key = attempt.idempotencyKey().get();
      mail.setHeader("X-Drover-Idempotency-Key", key);
      mail.setHeader("Message-ID", messageId(key, envelope.from()));
    }
    return mail;
  }

  private static String body(Message message, Attempt attempt) {
    StringBuilder body = new StringBuilder();
    body.append(message.title()).append("\n\n");
    if (!message.text().isEmpty()) {
      body.append(message.text()).append("\n\n");
    }
    message
        .fields()
        .forEach((name, value) -> body.append(name + ": " + value.asText()).append('\n'));
    body.append("severity: ").append(message.severity().word()).append('\n');
    if (!attempt.origin().isEmpty()) {
      body.append("\n-- \n").append(attempt.origin()).append('\n');
    }
    return body.toString();
  }

  private static String messageId(String key, InternetAddress from) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      String domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
      return "<drover." + HexFormat.of().formatHex(digest, 0, 20) + "@" + domain + ">";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static InternetAddress[] array(List<InternetAddress> addresses) {
    return addresses.toArray(new InternetAddress[0]);
  }
}
