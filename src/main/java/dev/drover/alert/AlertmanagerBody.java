package dev.drover.alert;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * What Alertmanager, Grafana and their like POST: read with all tolerance that keeps an alert from
 * being lost, because a refused body is not sent again soon.
 *
 * @param alerts in the body's order; the same identity can be among them several times
 * @param text the body as received
 */
public record AlertmanagerBody(
    AlertGroup group, List<Alert> alerts, List<UnreadableAlert> unreadable, String text) {
  public AlertmanagerBody {
    alerts = List.copyOf(alerts);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Reads a body. Bytes that are not UTF-8 become U+FFFD rather than a reason to refuse all alerts.
   *
   * @param receivedAt stands in for a missing {@code startsAt}
   * @throws RejectedBody if it is not one JSON object with an array {@code alerts}, or nests deeper
   *     or holds more alerts or labels than can be taken
   */
  public static AlertmanagerBody read(byte[] body, Instant receivedAt) throws RejectedBody {
    String text = new String(body, StandardCharsets.UTF_8);
    return new BodyReader(text.startsWith("\uFEFF") ? text.substring(1) : text, receivedAt).read();
  }

  /** The group of a body that was accepted once. */
  static AlertGroup storedGroup(String text) {
    try {
      return read(text.getBytes(StandardCharsets.UTF_8), Instant.EPOCH).group();
    } catch (RejectedBody e) {
      throw new IllegalStateException("a stored body was accepted once", e);
    }
  }

  /** How many alerts the body has, readable or not. */
  public int size() {
    return alerts.size() + unreadable.size();
  }
}
