package dev.drover.workflow;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every key of a trigger. */
final class TriggerGrammar {
  static final String WEBHOOK_PATH = "[a-z0-9-]{1,63}";

  static final KeyTable MATCHER =
      new KeyTable(
          "a matcher",
          List.of(
              Key.required(
                  "regex", "RE2 expression that the whole value matches.", SchemaParts.TEXT)),
          Set.of(),
          Set.of());

  static final KeyTable ALERT =
      new KeyTable(
          "an alert trigger",
          List.of(
              Key.required(
                  "match",
                  "What labels must be: a value, a list of values, or a regex. {} is any alert.",
                  SchemaParts.mapOf(".+", matcher())),
              Key.optional(
                  "per",
                  "Whether each alert (the default) or each notification group opens a run.",
                  SchemaParts.oneOf(Trigger.Per.class)),
              Key.optional(
                  "cooldown",
                  "For how long the same alert then opens no further run.",
                  SchemaParts.DURATION),
              Key.optional(
                  "onResolved",
                  "What becomes of the run when the alert is over: continue (the default) or cancel.",
                  SchemaParts.oneOf(Trigger.OnResolved.class))),
          Set.of(),
          Set.of());

  static final KeyTable WEBHOOK =
      new KeyTable(
          "a webhook trigger",
          List.of(
              Key.required(
                  "path",
                  "POST /api/webhooks/<path> opens a run.",
                  SchemaParts.text(WEBHOOK_PATH))),
          Set.of(),
          Set.of());

  static final KeyTable SCHEDULE =
      new KeyTable(
          "a schedule",
          List.of(
              Key.required(
                  "cron",
                  "Six fields: second, minute, hour, day of the month, month, day of the week.",
                  SchemaParts.TEXT),
              Key.optional("zone", "Time zone of the fields; UTC if none.", SchemaParts.TEXT),
              Key.optional(
                  "missed",
                  "Times that passed while no server ran: one run for all (once), or none (skip).",
                  SchemaParts.oneOf(Trigger.Missed.class))),
          Set.of(),
          Set.of());

  static final KeyTable MANUAL = new KeyTable("a manual trigger", List.of(), Set.of(), Set.of());

  static final KeyTable TRIGGER =
      new KeyTable(
          "a trigger",
          List.of(
              Key.optional("alert", "Alerts with these labels open runs.", ALERT.schema()),
              Key.optional("webhook", "A POST opens a run.", WEBHOOK.schema()),
              Key.optional("schedule", "Times open runs.", SCHEDULE.schema()),
              Key.optional("manual", "By hand, which is always possible.", MANUAL.schema())),
          Set.of("alert", "webhook", "schedule", "manual"),
          Set.of("event", "endpoint"));

  private TriggerGrammar() {}

  private static Map<String, Object> matcher() {
    return SchemaParts.either(
        List.of(SchemaParts.TEXT, SchemaParts.nonEmptyListOf(SchemaParts.TEXT), MATCHER.schema()));
  }
}
