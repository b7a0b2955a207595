package dev.drover.agents.notifier;

import dev.drover.agents.kit.PlainText;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.List;

/**
 * The message as a mail. It is built here rather than from exchange headers, which Camel splits at
 * commas and lets decide about further mail headers. The idempotency key makes the Message-ID, so
 * that the mails of two attempts are the same one to a mailbox that drops duplicates; boundaries of
 * its parts differ, which no mailbox compares.
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
    mail.setSubject(subject(message, envelope), "UTF-8");
    mail.setContent(content(message, attempt));
    mail.setHeader("Auto-Submitted", "auto-generated");
    if (attempt.idempotencyKey().isPresent()) {
      String key = attempt.idempotencyKey().get();
      mail.setHeader("X-Drover-Idempotency-Key", key);
      mail.setHeader("Message-ID", messageId(key, envelope.from()));
    }
    if (envelope.threadKey().isPresent()) {
      // Nobody knows which mail of an alert was the first, so all of them answer one that was never
      // sent: mail programs put together what refers to the same.
      String thread = messageId("thread\0" + envelope.threadKey().get(), envelope.from());
      mail.setHeader("In-Reply-To", thread);
      mail.setHeader("References", thread);
    }
    return mail;
  }

  /** Some mail programs want one subject in a thread, so there the severity is left out. */
  private static String subject(Message message, Target.Envelope envelope) {
    String prefix = envelope.threadKey().isPresent() ? "" : message.severity().label() + " ";
    String subject = envelope.subject().orElse(prefix + message.title());
    return PlainText.cut(PlainText.oneLine(subject), MOST_SUBJECT);
  }

  /** The best part comes last. */
  private static MimeMultipart content(Message message, Attempt attempt) throws MessagingException {
    MimeBodyPart text = new MimeBodyPart();
    text.setText(body(message, attempt), "UTF-8");
    MimeBodyPart html = new MimeBodyPart();
    html.setText(MailHtml.of(message, attempt), "UTF-8", "html");
    return new MimeMultipart("alternative", text, html);
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
    String domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
    return "<drover." + Digest.of(key) + "@" + domain + ">";
  }

  private static InternetAddress[] array(List<InternetAddress> addresses) {
    return addresses.toArray(new InternetAddress[0]);
  }
}
