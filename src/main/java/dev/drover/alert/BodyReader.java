package dev.drover.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one body as a stream: what Drover does not know is skipped, not held in memory. */
final class BodyReader {
  // Names of labels come from outside: they are not interned nor kept in a table that never
  // shrinks.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH)
                  .maxStringLength(64 << 20)
                  .build())
          .build();

  // What one transaction takes before the sender gives up on the answer.
  static final int MAX_ALERTS = 20_000;

  // What Go's regexp.QuoteMeta escapes: Alertmanager sends the receiver's name through it.
  private static final Pattern QUOTED = Pattern.compile("\\\\([\\\\.+*?()|\\[\\]{}^$])");

  private final String text;
  private final Texts texts;
  private final Instant receivedAt;
  private final List<AlertDraft> drafts = new ArrayList<>();
  private boolean hasAlerts;
  private @Nullable AlertStatus status;
  private String receiver = "";
  private String groupKey = "";
  private String externalUrl = "";
  private Map<String, String> groupLabels = Map.of();
  private Map<String, String> commonLabels = Map.of();
  private Map<String, String> commonAnnotations = Map.of();

  BodyReader(String text, Instant receivedAt) {
    this.text = text;
    this.texts = new Texts(text);
    this.receivedAt = receivedAt;
  }

  AlertmanagerBody read() throws RejectedBody {
    try (JsonParser parser = JSON.createParser(text)) {
      envelope(parser);
    } catch (JsonProcessingException e) {
      throw RejectedBody.notJson(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Alert> alerts = new ArrayList<>(drafts.size());
    List<UnreadableAlert> unreadable = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      AlertDraft draft = drafts.get(i);
      String fault = draft.fault();
      if (fault == null) {
        alerts.add(draft.complete(status, receivedAt));
      } else {
        unreadable.add(new UnreadableAlert(i, fault, draft.raw(text)));
      }
    }
    AlertGroup group =
        new AlertGroup(
            QUOTED.matcher(receiver).replaceAll("$1"),
            groupKey,
            groupLabels,
            commonLabels,
            commonAnnotations,
            externalUrl);
    return new AlertmanagerBody(group, alerts, unreadable, text);
  }

  private void envelope(JsonParser parser) throws IOException, RejectedBody {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new RejectedBody("the body is empty");
    } else if (first != JsonToken.START_OBJECT) {
      throw RejectedBody.at(
          parser.currentTokenLocation(), "the body is " + Texts.kind(first) + ", not an object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      field(field, parser);
    }
    if (parser.nextToken() != null) {
      throw RejectedBody.at(
          parser.currentTokenLocation(), "the body goes on after the end of its JSON object");
    }
    if (!hasAlerts) {
      throw new RejectedBody("the body has no array \"alerts\"");
    }
  }

  private void field(String field, JsonParser parser) throws IOException, RejectedBody {
    switch (field) {
      case "alerts" -> alerts(parser);
      case "status" -> status = AlertStatus.of(Texts.scalar(parser, "")).orElse(null);
      case "receiver" -> receiver = Texts.scalar(parser, "");
      case "groupKey" -> groupKey = Texts.scalar(parser, "");
      case "externalURL" -> externalUrl = Texts.scalar(parser, "");
      case "groupLabels" -> groupLabels = texts.map(parser);
      case "commonLabels" -> commonLabels = texts.map(parser);
      case "commonAnnotations" -> commonAnnotations = texts.map(parser);
      default -> parser.skipChildren();
    }
  }

  private void alerts(JsonParser parser) throws IOException, RejectedBody {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw RejectedBody.at(
          parser.currentTokenLocation(),
          "\"alerts\" is " + Texts.kind(parser.currentToken()) + ", not an array");
    }
    hasAlerts = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (drafts.size() == MAX_ALERTS) {
        throw new RejectedBody(
            "the body has more than " + MAX_ALERTS + " alerts; set max_alerts in its sender");
      }
      drafts.add(AlertDraft.read(parser, texts));
    }
  }
}
