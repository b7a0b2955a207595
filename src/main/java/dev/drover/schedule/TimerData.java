package dev.drover.schedule;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.workflow.Trigger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the timer of a schedule knows: how it was defined, by which a change shows, and the time
 * that is due, which stays when the firing is tried again later.
 */
record TimerData(Trigger.Schedule schedule, Instant due) {
  /** It is not what {@link #print} writes. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  static TimerData read(String text) throws Unreadable {
    try {
      if (!(Json.parse(text) instanceof Map<?, ?> map)) {
        throw new Unreadable("its data is no object");
      }
      Trigger.Schedule schedule =
          new Trigger.Schedule(
              text(map, "cron"),
              ZoneId.of(text(map, "zone")),
              Trigger.Missed.valueOf(text(map, "missed")));
      Times unused = new Times(schedule);
      return new TimerData(schedule, Instant.parse(text(map, "due")));
    } catch (InvalidJson | DateTimeException | IllegalArgumentException e) {
      throw new Unreadable("its data can't be read: " + e.getMessage());
    }
  }

  private static String text(Map<?, ?> map, String key) throws Unreadable {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw new Unreadable("its data lacks \"" + key + "\"");
  }

  String print() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cron", schedule.cron());
    map.put("zone", schedule.zone().getId());
    map.put("missed", schedule.missed().name());
    map.put("due", due.toString());
    return Json.print(map);
  }
}
