package dev.drover.api;

import java.util.List;
import java.util.Map;

/**
 * Alertmanager's webhook body, as the OpenAPI document shows it: the fields that Drover reads. Only
 * {@code alerts} must be there, and other fields may be.
 */
record AlertNotification(
    String receiver,
    String status,
    String groupKey,
    Map<String, String> groupLabels,
    Map<String, String> commonLabels,
    Map<String, String> commonAnnotations,
    String externalURL,
    List<AlertItem> alerts) {

  /** One alert. */
  record AlertItem(
      String status,
      Map<String, String> labels,
      Map<String, String> annotations,
      String startsAt,
      String endsAt,
      String generatorURL,
      String fingerprint) {}
}
