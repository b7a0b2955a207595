package dev.drover.agents.notifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the JSON on standard input, and the secrets in the environment, into a checked {@link
 * Request}.
 */
final class RequestReader {

  static final String URL_SECRET = "NOTIFIER_URL";

  private static final int DEFAULT_TIMEOUT_SECONDS = 10;
  private static final int MOST_TIMEOUT_SECONDS = 120;
  private static final Set<String> COMMON =
      Set.of("channel", "title", "text", "severity", "fields", "timeout");
  private static final Set<String> WITH_URL =
      Set.of("channel", "title", "text", "severity", "fields", "timeout", "url");
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Map<String, String> environment;

  RequestReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @throws BadInput when the document is not what the manifest's input schema asks for, or a
   *     secret that it needs is absent
   */
  Request read(byte[] document) throws BadInput {
    InputObject input = InputObject.of(parse(document));
    Target target = target(input);
    Message message =
        new Message(
            input.text("title"),
            input.textOrEmpty("text"),
            severity(input),
            input.scalars("fields"));
    int seconds = input.integer("timeout", DEFAULT_TIMEOUT_SECONDS, 1, MOST_TIMEOUT_SECONDS);
    return new Request(message, target, Duration.ofSeconds(seconds));
  }

  private Target target(InputObject input) throws BadInput {
    String channel = input.text("channel");
    return switch (channel) {
      case "log" -> {
        input.allowOnly(COMMON, "channel log");
        yield new Target.Log();
      }
      case "webhook" -> {
        input.allowOnly(WITH_URL, "channel webhook");
        yield new Target.Webhook(url(input));
      }
      case "slack" -> {
        input.allowOnly(WITH_URL, "channel slack");
        yield new Target.Slack(url(input));
      }
      case "email" -> new EmailReader(environment).read(input);
      default -> throw new BadInput("channel must be one of email, log, slack, webhook");
    };
  }

  private URI url(InputObject input) throws BadInput {
    Optional<String> given = input.optionalText("url");
    if (given.isPresent()) {
      return checked("url", given.get());
    }
    String secret = environment.get(URL_SECRET);
    if (secret == null || secret.isBlank()) {
      throw new BadInput(
          "url is missing: give it in the input, or map a secret to "
              + URL_SECRET
              + " in the agent's env");
    }
    return checked(URL_SECRET, secret);
  }

  /** Never quotes the address: for Slack the whole of it is the password. */
  private static URI checked(String name, String address) throws BadInput {
    try {
      URI uri = new URI(new URI(address).toASCIIString());
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean usable =
          (scheme.equals("http") || scheme.equals("https"))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && uri.getPort() <= 65_535;
      if (usable) {
        return uri;
      }
    } catch (URISyntaxException unusable) {
      // Answered below: the exception's own text would quote the address.
    }
    throw new BadInput(
        name
            + " is not usable: expected http://host/path or https://host/path, percent-encoded,"
            + " without user name and fragment");
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

  private static JsonNode parse(byte[] document) throws BadInput {
    try {
      return STRICT.readTree(document);
    } catch (JsonProcessingException e) {
      // Only the place: the parser's message quotes the document.
      var place = e.getLocation();
      throw new BadInput(
          "the input is not one valid JSON document without duplicate names"
              + (place == null
                  ? ""
                  : ": line " + place.getLineNr() + ", column " + place.getColumnNr()));
    } catch (IOException e) {
      throw new BadInput("the input can't be read as UTF-8 JSON");
    }
  }
}
