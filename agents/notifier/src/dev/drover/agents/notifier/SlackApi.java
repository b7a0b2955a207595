package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Slack's {@code chat.postMessage}, which knows threads: its answer has the message's time stamp,
 * and a message that names it lands in its thread.
 */
final class SlackApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,60}");

  /** What Slack means to pass by itself. */
  private static final Set<String> TRY_AGAIN =
      Set.of(
          "ratelimited",
          "rate_limited",
          "message_limit_exceeded",
          "internal_error",
          "fatal_error",
          "service_unavailable",
          "request_timeout",
          "team_added_to_org",
          "accesslimited");

  private SlackApi() {}

  static Post post(Target.SlackChannel target, Message message, Attempt attempt) {
    ObjectNode body = SlackBlocks.of(message, attempt);
    body.put("channel", target.name());
    target.thread().ifPresent(thread -> body.put("thread_ts", thread));
    return Post.of(target.url(), body)
        .with("Authorization", "Bearer " + target.token().value())
        .with((status, answer) -> read(target, status, answer));
  }

  private static Outcome read(Target.SlackChannel target, int status, byte[] answer) {
    JsonNode json;
    try {
      json = JSON.readTree(answer);
    } catch (IOException e) {
      return new Outcome.PermanentFailure(target.host() + " did not answer as Slack does");
    }
    if (json.path("ok").asBoolean()) {
      String own = json.path("ts").asText("");
      Optional<String> thread =
          target.thread().or(() -> Optional.of(own)).filter(RequestReader::isThread);
      return new Outcome.Delivered(OptionalInt.of(status), thread);
    }
    String code = json.path("error").asText("");
    String shown = CODE.matcher(code).matches() ? code : "an unknown error";
    return TRY_AGAIN.contains(code)
        ? new Outcome.TemporaryFailure(target.host() + " answered " + shown)
        : new Outcome.PermanentFailure(target.host() + " answered " + shown + ": " + advice(code));
  }

  private static String advice(String code) {
    return switch (code) {
      case "channel_not_found", "not_in_channel", "is_archived" ->
          "check slackChannel, and invite the app to it";
      case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired" ->
          "check the token";
      case "missing_scope", "not_allowed_token_type" -> "give the app the scope chat:write";
      default -> "the message is not accepted there; check slackChannel and thread";
    };
  }
}
