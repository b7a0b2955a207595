package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.drover.agents.kit.Trial;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailChannelIT {

  private static final String PASSWORD = "S3CRET-pw";
  private static final Map<String, String> WITH_PASSWORD =
      Map.of("NOTIFIER_SMTP_PASSWORD", PASSWORD);

  private GreenMail mailServer;

  @BeforeEach
  void open() {
    mailServer = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mailServer.start();
  }

  @AfterEach
  void close() {
    mailServer.stop();
  }

  @Test
  void mailArrivesAsItWasMeant() throws Exception {
    Trial trial =
        Samples.run(
            "{'channel':'email','title':'Größe','text':'.\\nfirst\\n.\\nlast ü {{env:HOME}}','smtp':{'host':'127.0.0.1','port':"
                + port()
                + ",'from':'Drover <drover@a.example>'},'to':['\\u0022Doe, Jané\\u0022 <jane@c.example>'],"
                + "'cc':['ops@c.example'],'threadKey':'disk'}",
            Map.of(
                "DROVER_RUN", "r1", "DROVER_NODE", "tell", "DROVER_IDEMPOTENCY_KEY", "r1/tell/0"));

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.receipt().path("status").asInt()).isEqualTo(250);
    assertThat(trial.receipt().path("target").asText()).isEqualTo("127.0.0.1");
    MimeMessage[] mails = mailServer.getReceivedMessages();
    assertThat(mails).hasSize(2);
    MimeMessage mail = mails[0];
    assertThat(mail.getSubject()).isEqualTo("Größe");
    assertThat(
            ((MimeMultipart) mail.getContent())
                .getBodyPart(0)
                .getContent()
                .toString()
                .replace("\r\n", "\n"))
        .contains(".\nfirst\n.\nlast ü {{env:HOME}}\n", "run r1 · node tell");
    assertThat(mail.getRecipients(RecipientType.TO))
        .containsExactly(new InternetAddress("jane@c.example", "Doe, Jané", "UTF-8"));
    assertThat(mail.getRecipients(RecipientType.CC)).hasSize(1);
    assertThat(mail.getFrom()[0]).hasToString("Drover <drover@a.example>");
    assertThat(mail.getMessageID()).matches("<drover\\.[0-9a-f]{40}@a\\.example>");
    assertThat(mail.getHeader("X-Drover-Idempotency-Key")).containsExactly("r1/tell/0");
    assertThat(mail.getHeader("References")).isEqualTo(mail.getHeader("In-Reply-To"));
    assertThat(((MimeMultipart) mail.getContent()).getBodyPart(1).getContent().toString())
        .contains("<h1", "Größe</h1>", "last ü {{env:HOME}}");
    assertThat(mail.getSentDate()).isNotNull();
  }

  @Test
  void loginIsUsedAndItsLackOfEncryptionIsSaid() {
    mailServer.setUser("drover", PASSWORD);

    Trial trial = trial(port(), ",'username':'drover','startTls':false", WITH_PASSWORD);

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.log()).contains("travels unencrypted").doesNotContain(PASSWORD);
  }

  @Test
  void refusedLoginIsFinal() {
    mailServer.setUser("drover", "another");

    Trial trial = trial(port(), ",'username':'drover','startTls':false", WITH_PASSWORD);

    assertThat(trial.exit()).as(trial.log()).isEqualTo(1);
    assertThat(trial.lastLogLine()).contains("SMTP 535", "check smtp.username and the password");
    assertThat(trial.log()).doesNotContain(PASSWORD);
  }

  @Test
  void missingEncryptionIsFinalAndThePasswordStaysHere() {
    mailServer.setUser("drover", PASSWORD);

    Trial trial = trial(port(), ",'username':'drover'", WITH_PASSWORD);

    assertThat(trial.exit()).isEqualTo(1);
    assertThat(trial.lastLogLine()).contains("does not offer STARTTLS");
    assertThat(mailServer.getReceivedMessages()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GREETING, 421 busy, 75, SMTP 421",
    "GREETING, 554 go away, 1, SMTP 554",
    "MAIL, 451 later, 75, SMTP 451",
    "MAIL, 550 not you, 1, SMTP 550",
    "RCPT, 450 grey-listed, 75, SMTP 450 (450 grey-listed)",
    "RCPT, 550 5.1.1 no such user, 1, SMTP 550 (550 5.1.1 no such user)",
    "DATA, 452 full, 75, SMTP 452",
    "., 421 closing, 75, SMTP 421",
    "., 554 spam, 1, SMTP 554",
    "GREETING, hang up, 75, was lost",
    "MAIL, hang up, 75, was lost",
    "., hang up, 75, was lost",
    "GREETING, '', 75, did not",
    "RCPT, '', 75, did not"
  })
  void replyDecidesTheExitCode(String verb, String reply, int exit, String reason)
      throws IOException {
    try (ScriptedSmtp server = new ScriptedSmtp(Map.of(verb, reply), null)) {
      int timeout = reply.equals(ScriptedSmtp.SILENCE) ? 1 : 10;

      Trial trial = trial(server.port(), "", Map.of(), timeout);

      assertThat(trial.exit()).as(trial.log()).isEqualTo(exit);
      assertThat(trial.output()).isEmpty();
      assertThat(trial.lastLogLine()).contains(reason);
    }
  }

  @Test
  void refusedConnectionMayBeTriedAgain() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    Trial trial = trial(free, "", Map.of());

    assertThat(trial.exit()).isEqualTo(75);
    assertThat(trial.lastLogLine()).contains("127.0.0.1:" + free + " can't be connected to");
  }

  private int port() {
    return mailServer.getSmtp().getPort();
  }

  private static Trial trial(int port, String moreOfSmtp, Map<String, String> environment) {
    return trial(port, moreOfSmtp, environment, 10);
  }

  private static Trial trial(
      int port, String moreOfSmtp, Map<String, String> environment, int timeout) {
    String json =
        "{'channel':'email','title':'t','timeout':"
            + timeout
            + ",'smtp':{'host':'127.0.0.1','from':'a@a.example','port':"
            + port
            + moreOfSmtp
            + "},'to':['b@b.example']}";
    return Samples.run(json, environment);
  }
}
