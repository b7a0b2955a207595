package dev.drover.alert;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One alert while its body is read: the envelope, which decides what the alert itself leaves open,
 * can come after it.
 */
final class AlertDraft {
  private final int start;
  private int end;
  private @Nullable String fault;
  private @Nullable AlertStatus status;
  private Map<String, String> labels = Map.of();
  private Map<String, String> annotations = Map.of();
  private @Nullable Instant startsAt;
  private @Nullable Instant endsAt;
  private String generatorUrl = "";
  private String fingerprint = "";

  private AlertDraft(int start) {
    this.start = start;
  }

  /** Reads the current value whole, whatever it is. */
  static AlertDraft read(JsonParser parser, Texts texts) throws IOException, RejectedBody {
    AlertDraft draft = new AlertDraft((int) parser.currentTokenLocation().getCharOffset());
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        draft.field(field, parser, texts);
      }
    } else {
      draft.fail("the alert is " + Texts.kind(parser.currentToken()) + ", not an object");
      parser.skipChildren();
    }
    draft.end = Texts.end(parser);
    return draft;
  }

  /** Why the alert can't be read; null if it can. */
  @Nullable String fault() {
    return fault;
  }

  /** The alert's text in the body. */
  String raw(String source) {
    return source.substring(start, end);
  }

  /** The alert, what is missing filled in: from the envelope, else from its own times. */
  Alert complete(@Nullable AlertStatus envelope, Instant receivedAt) {
    AlertStatus decided = status == null ? envelope : status;
    if (decided == null) {
      boolean over = endsAt != null && !endsAt.isAfter(receivedAt);
      decided = over ? AlertStatus.RESOLVED : AlertStatus.FIRING;
    }
    return new Alert(
        AlertIdentity.of(fingerprint, labels),
        decided,
        labels,
        annotations,
        startsAt == null ? receivedAt : startsAt,
        endsAt,
        generatorUrl.isEmpty() ? null : generatorUrl);
  }

  private void field(String field, JsonParser parser, Texts texts)
      throws IOException, RejectedBody {
    switch (field) {
      case "status" -> status = status(parser);
      case "labels" -> labels = labels(parser, texts);
      case "annotations" -> annotations = texts.map(parser);
      case "startsAt" -> startsAt = time(field, parser);
      case "endsAt" -> endsAt = time(field, parser);
      case "generatorURL" -> generatorUrl = Texts.scalar(parser, "");
      case "fingerprint" -> fingerprint = Texts.scalar(parser, "");
      default -> parser.skipChildren();
    }
  }

  private @Nullable AlertStatus status(JsonParser parser) throws IOException {
    String word = Texts.scalar(parser, "");
    AlertStatus known = AlertStatus.of(word).orElse(null);
    if (known == null && !word.isBlank()) {
      fail("status " + quote(word) + " is neither \"firing\" nor \"resolved\"");
    }
    return known;
  }

  /** Labels are what an alert is known by: a structure among them is not guessed at. */
  private Map<String, String> labels(JsonParser parser, Texts texts)
      throws IOException, RejectedBody {
    Map<String, String> all = new LinkedHashMap<>();
    JsonToken token = parser.currentToken();
    if (token != JsonToken.START_OBJECT) {
      if (token != JsonToken.VALUE_NULL) {
        fail("\"labels\" is " + Texts.kind(token) + ", not an object");
      }
      parser.skipChildren();
      return all;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value.isStructStart()) {
        fail("label " + quote(name) + " is " + Texts.kind(value) + ", not text");
      }
      texts.put(all, name, Texts.scalar(parser, ""));
    }
    return all;
  }

  private @Nullable Instant time(String field, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    String written = Texts.scalar(parser, "");
    if (token.isStructStart()) {
      fail(field + " is " + Texts.kind(token) + ", not a time");
    }
    try {
      return written.isBlank() ? null : AlertTime.parse(written);
    } catch (DateTimeException e) {
      fail(field + " " + quote(written) + " is not a time such as 2026-01-31T09:30:00.123Z");
      return null;
    }
  }

  /** The first fault is the one that is told. */
  private void fail(String reason) {
    if (fault == null) {
      fault = reason;
    }
  }

  private static String quote(String text) {
    return '"' + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + '"';
  }
}
