package dev.drover.agents.notifier;

import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
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

  /** What is reached by a POST. */
  sealed interface Http extends Target {
    URI url();

    @Override
    default String host() {
      return url().getHost();
    }
  }

  /**
   * Any receiver of plain JSON.
   *
   * @param signingKey if there is one, the message is signed with it
   */
  record Webhook(URI url, Optional<String> threadKey, Optional<Secret> signingKey) implements Http {
    @Override
    public String channel() {
      return "webhook";
    }
  }

  /**
   * An incoming webhook of Slack, or of what understands the same JSON (Mattermost, Rocket.Chat).
   *
   * @param blocks whether it understands Block Kit, which only Slack does
   */
  record SlackWebhook(URI url, boolean blocks) implements Http {
    @Override
    public String channel() {
      return "slack";
    }
  }

  /** A channel that Slack's own API writes to, which knows threads. */
  record SlackChannel(URI url, Secret token, String name, Optional<String> thread) implements Http {
    @Override
    public String channel() {
      return "slack";
    }
  }

  /** A channel of Microsoft Teams, by an incoming webhook or a workflow. */
  record Teams(URI url) implements Http {
    @Override
    public String channel() {
      return "teams";
    }
  }

  /** A service of PagerDuty. */
  record PagerDuty(
      URI url, Secret routingKey, Action action, Optional<String> threadKey, String source)
      implements Http {
    @Override
    public String channel() {
      return "pagerduty";
    }
  }

  /** What becomes of an alert there. */
  enum Action {
    TRIGGER,
    ACKNOWLEDGE,
    RESOLVE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
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

  /**
   * Who writes to whom about what; without a subject the title is used.
   *
   * @param threadKey mails with the same one are one thread
   */
  record Envelope(
      InternetAddress from,
      List<InternetAddress> to,
      List<InternetAddress> cc,
      Optional<String> subject,
      Optional<String> threadKey) {

    public Envelope {
      to = List.copyOf(to);
      cc = List.copyOf(cc);
    }
  }
}
