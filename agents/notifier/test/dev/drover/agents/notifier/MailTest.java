package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailTest {

  @Test
  void mailCarriesMessageOriginAndKey() throws Exception {
    MimeMessage mail = Mail.of(Samples.aMessage(), envelope(null), Samples.anAttempt());

    assertThat(mail.getSubject()).isEqualTo("[WARNING] Disk is filling up");
    assertThat(text(mail))
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

  @Test
  void mailsOfOneThreadReferToTheSameMailAndShareTheirSubject() throws Exception {
    MimeMessage first = threaded("disk db-1", "run-7/tell/0");
    MimeMessage second = threaded("disk db-1", "run-8/tell/0");

    String thread = first.getHeader("References")[0];
    assertThat(thread).matches("<drover\\.[0-9a-f]{40}@b\\.example>");
    assertThat(second.getHeader("References")).containsExactly(thread);
    assertThat(second.getHeader("In-Reply-To")).containsExactly(thread);
    assertThat(first.getMessageID()).isNotEqualTo(second.getMessageID()).isNotEqualTo(thread);
    assertThat(first.getSubject()).isEqualTo("Disk is filling up");
    assertThat(threaded("disk db-2", "run-7/tell/0").getHeader("References")[0])
        .isNotEqualTo(thread);
  }

  @Test
  void bothPartsSayTheSameAndTheHtmlIsEscapedEverywhere() throws Exception {
    String evil = "<script>alert(1)</script>\" onload='x' &amp;\u0000";
    Message message =
        new Message(evil, evil + "\nnext", Severity.CRITICAL, Map.of(evil, TextNode.valueOf(evil)));
    Attempt attempt =
        new Attempt(Optional.of(evil), Optional.empty(), Optional.empty(), Optional.empty());

    MimeMessage mail = Mail.of(message, envelope(null), attempt);
    mail.saveChanges();

    assertThat(mail.getContentType()).startsWith("multipart/alternative");
    MimeMultipart parts = (MimeMultipart) mail.getContent();
    assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
    assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
    String html = parts.getBodyPart(1).getContent().toString();
    String safe = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; ";
    assertThat(html)
        .contains(safe + "</h1>", safe + "<br>", safe + "</th>", safe + "</td>", "run " + safe)
        .doesNotContain("<script", "' onload", "\u0000");
    assertThat(text(mail)).contains(evil + "\nnext");
  }

  private static String text(MimeMessage mail) throws Exception {
    return ((MimeMultipart) mail.getContent()).getBodyPart(0).getContent().toString();
  }

  private static MimeMessage threaded(String threadKey, String key) throws Exception {
    Target.Envelope envelope =
        new Target.Envelope(
            new InternetAddress("a@b.example"),
            List.of(new InternetAddress("c@d.example")),
            List.of(),
            Optional.empty(),
            Optional.of(threadKey));
    Attempt attempt =
        new Attempt(Optional.empty(), Optional.empty(), Optional.of(key), Optional.empty());
    return Mail.of(Samples.aMessage(), envelope, attempt);
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
        Optional.ofNullable(subject),
        Optional.empty());
  }
}
