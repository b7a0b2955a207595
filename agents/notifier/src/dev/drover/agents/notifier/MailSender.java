package dev.drover.agents.notifier;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;

/**
 * Sends a mail by camel-mail. Server and login are set on a configuration object, never in an
 * endpoint URI, which Camel may print.
 */
final class MailSender {

  /** The transport returns only after this reply to the mail's data, and throws at any other. */
  private static final int ACCEPTED = 250;

  private final Target.MailServer server;
  private final Duration timeout;

  MailSender(Target.MailServer server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
  }

  Outcome send(Message message, Target.Envelope envelope, Attempt attempt) {
    MailComponent component = new MailComponent();
    try (CamelRuntime camel = CamelRuntime.with("smtp", component)) {
      MimeMessage mail = Mail.of(message, envelope, attempt);
      MailEndpoint endpoint =
          new MailEndpoint("smtp://receiver.invalid", component, configuration());
      Exchange exchange = camel.send(endpoint, ready -> ready.getIn().setBody(mail));
      Exception failure = exchange.getException();
      return failure == null
          ? new Outcome.Delivered(OptionalInt.of(ACCEPTED), Optional.empty())
          : SmtpFailures.of(server, failure);
    } catch (MessagingException e) {
      return new Outcome.PermanentFailure("the mail can't be written: " + Causes.names(e));
    } catch (RuntimeException e) {
      return SmtpFailures.of(server, e);
    }
  }

  private MailConfiguration configuration() {
    MailConfiguration configuration = new MailConfiguration();
    configuration.configureProtocol("smtp");
    configuration.setHost(server.host());
    configuration.setPort(server.port());
    configuration.setConnectionTimeout(Math.toIntExact(timeout.toMillis()));
    configuration.setAdditionalJavaMailProperties(transport());
    server
        .login()
        .ifPresent(
            login -> {
              configuration.setUsername(login.username());
              configuration.setPassword(login.password());
            });
    return configuration;
  }

  private Properties transport() {
    String millis = Long.toString(timeout.toMillis());
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(server.startTls()));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(server.startTls()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    return properties;
  }
}
