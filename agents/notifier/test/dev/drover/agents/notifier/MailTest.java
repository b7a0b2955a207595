package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailTest {

  @Test
  void mailCarriesMessageOriginAndKey() throws Exception {
    MimeMessage mail = Mail.of(Samples.aMessage(), envelope(null), Samples.anAttempt());

    assertThat(mail.getSubject()).isEqualTo("[WARNING] Disk is filling up");
    assertThat(mail.getContent().toString())
        .contains("/var on db-1 will be full", "host: db-1\nhours: 4\n", "run run-7 · node tell");
    assertThat(mail.getHeader("X-Drover-Idempotency-Key")).containsExactly("run-7/tell/0");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
  }

  @Test
  void twoAttemptsMakeTheSameMessageIdAndAnotherNodeAnother() throws Exception {
    String first = messageId("run-7/tell/0");

    assertThat(messageId("run-7/tell/0"))
        .isEqualTo(first)
        .matches("<drover\\.[0-9a-f]{40}@b\\.example>");
    assertThat(messageId("run-7/tell/1")).isNotEqualTo(first);
  }

  @Test
  void subjectCannotAddAHeader() throws Exception {
    MimeMessage mail =
        Mail.of(
            Samples.aMessage(),
            envelope("hello\r\nBcc: everyone@evil.example\r\n\r\nbody"),
            Samples.nobody());

    assertThat(mail.getSubject()).isEqualTo("hello Bcc: everyone@evil.example body");
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getAllRecipients()).hasSize(2);
  }

  @Test
  void subjectOutsideAsciiIsEncoded() throws Exception {
    MimeMessage mail = Mail.of(Samples.aMessage(), envelope("Größe 📈"), Samples.nobody());

    assertThat(mail.getHeader("Subject")[0]).startsWith("=?UTF-8?");
    assertThat(mail.getSubject()).isEqualTo("Größe 📈");
  }

  private static String messageId(String key) throws Exception {
    Attempt attempt =
        new Attempt(Optional.empty(), Optional.empty(), Optional.of(key), Optional.empty());
    return Mail.of(Samples.aMessage(), envelope(null), attempt).getMessageID();
  }

  private static Target.Envelope envelope(String subject) throws Exception {
    return new Target.Envelope(
        new InternetAddress("a@b.example"),
        List.of(new InternetAddress("\"Doe, Jane\" <jane@c.example>")),
        List.of(new InternetAddress("ops@c.example")),
        Optional.ofNullable(subject));
  }
}
