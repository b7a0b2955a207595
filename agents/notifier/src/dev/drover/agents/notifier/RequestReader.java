package dev.drover.agents.notifier;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns the input, and the secrets in the environment, into a checked {@link Request}. */
final class RequestReader {

  private static final int DEFAULT_TIMEOUT_SECONDS = 10;
  private static final int MOST_TIMEOUT_SECONDS = 120;
  private static final int MOST_TEXT = 500_000;
  private static final Set<String> COMMON =
      Set.of("channel", "title", "text", "severity", "fields", "timeout");
  private static final Set<String> SLACK_HOSTS = Set.of("hooks.slack.com", "hooks.slack-gov.com");
  private static final Pattern THREAD = Pattern.compile("[0-9]{1,15}\\.[0-9]{1,10}");
  private static final Pattern SLACK_CHANNEL = Pattern.compile("[#@]?[^\\s#@]{1,80}");

  private final Map<String, String> environment;
  private final Addresses addresses;

  RequestReader(Map<String, String> environment) {
    this.environment = environment;
    this.addresses = new Addresses(environment);
  }

  /**
   * @throws BadInput when the input is not what the manifest's schema asks for, or a secret that it
   *     needs is absent
   */
  Request read(InputObject input) throws BadInput {
    Target target = target(input);
    String text = input.textOrEmpty("text");
    if (text.length() > MOST_TEXT) {
      throw new BadInput("text must have at most " + MOST_TEXT + " characters");
    }
    Message message =
        new Message(input.text("title"), text, severity(input), input.scalars("fields"));
    int seconds = input.integer("timeout", DEFAULT_TIMEOUT_SECONDS, 1, MOST_TIMEOUT_SECONDS);
    return new Request(message, target, Duration.ofSeconds(seconds));
  }

  private Target target(InputObject input) throws BadInput {
    String channel = input.text("channel");
    return switch (channel) {
      case "log" -> {
        allow(input, channel);
        yield new Target.Log();
      }
      case "webhook" -> {
        allow(input, channel, "url", "threadKey");
        yield new Target.Webhook(
            addresses.given(input), input.optionalText("threadKey"), secret("NOTIFIER_HMAC_KEY"));
      }
      case "slack" -> {
        allow(input, channel, "url", "format", "slackChannel", "thread");
        yield slack(input);
      }
      case "teams" -> {
        allow(input, channel, "url");
        yield new Target.Teams(addresses.given(input));
      }
      case "pagerduty" -> {
        allow(input, channel, "threadKey", "action", "source");
        yield pagerDuty(input);
      }
      case "email" -> new EmailReader(environment).read(input);
      default ->
          throw new BadInput("channel must be one of email, log, pagerduty, slack, teams, webhook");
    };
  }

  private static void allow(InputObject input, String channel, String... more) throws BadInput {
    Set<String> names = new HashSet<>(COMMON);
    names.addAll(Set.of(more));
    input.allowOnly(names, "channel " + channel);
  }

  private Target slack(InputObject input) throws BadInput {
    Optional<String> channel = input.optionalText("slackChannel");
    Optional<String> thread = input.optionalText("thread");
    Optional<String> format = input.optionalText("format");
    if (channel.isEmpty()) {
      if (thread.isPresent()) {
        throw new BadInput("thread needs slackChannel: incoming webhooks know no threads");
      }
      URI url = addresses.given(input);
      return new Target.SlackWebhook(url, blocks(format, url));
    }
    if (input.has("url") || format.isPresent()) {
      throw new BadInput("slackChannel is written to with a token: leave url and format out");
    }
    if (!SLACK_CHANNEL.matcher(channel.get()).matches()) {
      throw new BadInput("slackChannel must be an id as in C0123456789, or a name as in #ops");
    }
    if (thread.filter(given -> !isThread(given)).isPresent()) {
      throw new BadInput("thread must be what an earlier message's output has as thread");
    }
    return new Target.SlackChannel(
        addresses.api("NOTIFIER_SLACK_API", "https://slack.com/api/chat.postMessage"),
        needed("NOTIFIER_SLACK_TOKEN", "slackChannel"),
        channel.get(),
        thread);
  }

  private static boolean blocks(Optional<String> format, URI url) throws BadInput {
    String given = format.orElse("");
    return switch (given) {
      case "blocks" -> true;
      case "attachment" -> false;
      case "" -> SLACK_HOSTS.contains(url.getHost().toLowerCase(Locale.ROOT));
      default -> throw new BadInput("format must be one of blocks, attachment");
    };
  }

  private Target pagerDuty(InputObject input) throws BadInput {
    Optional<String> threadKey = input.optionalText("threadKey");
    Target.Action action = action(input);
    if (threadKey.isEmpty() && action != Target.Action.TRIGGER) {
      throw new BadInput(
          "threadKey is missing: without the one that it was triggered with, no alert is found to "
              + action.word());
    }
    return new Target.PagerDuty(
        addresses.api("NOTIFIER_PAGERDUTY_API", "https://events.pagerduty.com/v2/enqueue"),
        needed("NOTIFIER_PAGERDUTY_KEY", "pagerduty"),
        action,
        threadKey,
        input.optionalText("source").orElse("drover"));
  }

  private static Target.Action action(InputObject input) throws BadInput {
    Optional<String> given = input.optionalText("action");
    if (given.isEmpty()) {
      return severity(input) == Severity.RESOLVED ? Target.Action.RESOLVE : Target.Action.TRIGGER;
    }
    for (Target.Action action : Target.Action.values()) {
      if (action.word().equals(given.get())) {
        return action;
      }
    }
    throw new BadInput("action must be one of trigger, acknowledge, resolve");
  }

  /** Whether it can be the time stamp of a message of Slack's. */
  static boolean isThread(String text) {
    return THREAD.matcher(text).matches();
  }

  private Optional<Secret> secret(String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(Secret::new);
  }

  private Secret needed(String variable, String by) throws BadInput {
    return secret(variable)
        .orElseThrow(
            () ->
                new BadInput(
                    by + " needs a secret: map one to " + variable + " in the agent's env"));
  }

  private static Severity severity(InputObject input) throws BadInput {
    String word = input.optionalText("severity").orElse(Severity.INFO.word());
    for (Severity severity : Severity.values()) {
      if (severity.word().equals(word)) {
        return severity;
      }
    }
    throw new BadInput("severity must be one of info, warning, critical, resolved");
  }
}
