package dev.drover.agents.notifier;

import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where a message goes. {@link #host()} is all that may ever be printed of it: the rest of an
 * address can be a secret.
 */
sealed interface Target {

  /** The channel's name in input and output. */
  String channel();

  /** Host name only. */
  String host();

  /** Any receiver of plain JSON. */
  record Webhook(URI url) implements Target {
    @Override
    public String channel() {
      return "webhook";
    }

    @Override
    public String host() {
      return url.getHost();
    }
  }

  /**
   * An incoming webhook of Slack, or of what understands the same JSON (Mattermost, Rocket.Chat).
   */
  record Slack(URI url) implements Target {
    @Override
    public String channel() {
      return "slack";
    }

    @Override
    public String host() {
      return url.getHost();
    }
  }

  /** A mail by way of an SMTP server. */
  record Email(MailServer server, Envelope envelope) implements Target {
    @Override
    public String channel() {
      return "email";
    }

    @Override
    public String host() {
      return server.host();
    }
  }

  /** This process's own standard error, which the engine keeps as the attempt's log. */
  record Log() implements Target {
    @Override
    public String channel() {
      return "log";
    }

    @Override
    public String host() {
      return "stderr";
    }
  }

  /**
   * How to reach the mail server. A login is never sent to a server without one being configured.
   */
  record MailServer(String host, int port, boolean startTls, Optional<Login> login) {}

  /** A mail account. Does not print its password. */
  record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[" + username + "]";
    }
  }

  /** Who writes to whom about what; without a subject the title is used. */
  record Envelope(
      InternetAddress from,
      List<InternetAddress> to,
      List<InternetAddress> cc,
      Optional<String> subject) {

    public Envelope {
      to = List.copyOf(to);
      cc = List.copyOf(cc);
    }
  }
}
