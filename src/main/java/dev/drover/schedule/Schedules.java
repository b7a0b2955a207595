package dev.drover.schedule;

import dev.drover.journal.TimerRows;
import dev.drover.journal.TimerRows.Timer;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.workflow.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the timers in step with the workflows in force: one timer for each schedule. Every server
 * does it, with the same outcome: what counts is the current version in the database, so that a
 * server which has not heard of it yet changes nothing.
 */
final class Schedules {
  /** The name of the scheduler's task. */
  static final String TASK = "schedule";

  private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

  /** Between what is due and when it is tried, at most; more is a row that was spoilt. */
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  /** In so many rounds the rows are looked at even if nothing was changed here. */
  private static final int ROUNDS = 10;

  private final WorkflowRegistry workflows;
  private final TimerRows rows;
  private final Clock clock;
  private Map<ScheduleId, Wish> done = Map.of();
  private int round;

  Schedules(WorkflowRegistry workflows, TimerRows rows, Clock clock) {
    this.workflows = workflows;
    this.rows = rows;
    this.clock = clock;
  }

  /** What a version in force asks for. */
  private record Wish(int version, Trigger.Schedule schedule) {}

  /** A schedule as it is in force; empty if it is not. */
  Optional<Active> inForce(ScheduleId id, Trigger.Schedule schedule) {
    return workflows
        .active(id.project(), id.workflow())
        .filter(active -> schedule.equals(schedules(active).get(id)));
  }

  /**
   * Writes and removes timers where they differ from what is in force; to be called each second.
   */
  synchronized void sync() {
    Map<ScheduleId, Wish> wishes = new LinkedHashMap<>();
    Map<String, Integer> versions = new HashMap<>();
    for (Active active : workflows.active()) {
      int version = active.workflow().version();
      versions.put(
          active.workflow().project() + "/" + active.workflow().workflow().name(), version);
      schedules(active).forEach((id, schedule) -> wishes.put(id, new Wish(version, schedule)));
    }
    if (!wishes.equals(done) || round % ROUNDS == 0) {
      write(wishes, versions);
      done = wishes;
    }
    round++;
  }

  private static Map<ScheduleId, Trigger.Schedule> schedules(Active active) {
    Map<ScheduleId, Trigger.Schedule> schedules = new LinkedHashMap<>();
    for (Trigger trigger : active.workflow().workflow().triggers()) {
      if (trigger instanceof Trigger.Schedule schedule) {
        schedules.put(
            new ScheduleId(
                active.workflow().project(), active.workflow().workflow().name(), schedules.size()),
            schedule);
      }
    }
    return schedules;
  }

  private void write(Map<ScheduleId, Wish> wishes, Map<String, Integer> versions) {
    Instant now = clock.instant();
    Set<ScheduleId> kept = new HashSet<>();
    Map<ScheduleId, Long> seen = new HashMap<>();
    List<TimerRows.Unwanted> unwanted = new ArrayList<>();
    for (Timer timer : rows.list(TASK, now)) {
      Optional<ScheduleId> id = ScheduleId.parse(timer.instance());
      Optional<TimerData> data = readable(timer, id.isPresent(), now);
      if (id.isEmpty() || data.isEmpty()) {
        continue;
      }
      Wish wish = wishes.get(id.get());
      if (wish == null) {
        unwanted.add(unwanted(id.get(), versions));
      } else if (wish.schedule().equals(data.get().schedule())) {
        kept.add(id.get());
      } else {
        seen.put(id.get(), timer.version());
      }
    }
    List<TimerRows.Wanted> wanted = new ArrayList<>();
    wishes.forEach(
        (id, wish) -> {
          if (!kept.contains(id)) {
            wanted(id, wish, seen.getOrDefault(id, 0L), now).ifPresent(wanted::add);
          }
        });
    if (!unwanted.isEmpty()) {
      rows.remove(TASK, unwanted);
    }
    if (!wanted.isEmpty()) {
      rows.put(TASK, wanted);
      LOG.atInfo().addKeyValue("timers", wanted.size()).log("Schedules set");
    }
  }

  /** Sets the timer aside if it can't be read; one that is wanted is written anew then. */
  private Optional<TimerData> readable(Timer timer, boolean named, Instant now) {
    try {
      if (!named) {
        throw new TimerData.Unreadable("its name is not one of a schedule");
      }
      TimerData data = TimerData.read(timer.data());
      Instant from = data.due().isAfter(now) ? data.due() : now;
      if (timer.stuck() || timer.time() == null) {
        throw new TimerData.Unreadable("it would never come");
      }
      if (timer.time().isAfter(from.plus(LONGEST_DELAY))) {
        throw new TimerData.Unreadable(
            "it is due at " + data.due() + " and set to " + timer.time());
      }
      return Optional.of(data);
    } catch (TimerData.Unreadable e) {
      setAside(timer.instance(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Takes a timer that can't be read out of the way of the others. */
  void setAside(String instance, String reason) {
    LOG.atError()
        .addKeyValue("timer", instance)
        .addKeyValue("reason", reason)
        .log("A timer can't be read and is set aside");
    rows.setAside(TASK, instance, reason);
  }

  private static TimerRows.Unwanted unwanted(ScheduleId id, Map<String, Integer> versions) {
    int version = versions.getOrDefault(id.project() + "/" + id.workflow(), 0);
    return new TimerRows.Unwanted(id.toString(), id.project(), id.workflow(), version);
  }

  /** Empty if the time never comes. */
  private static Optional<TimerRows.Wanted> wanted(
      ScheduleId id, Wish wish, long seen, Instant now) {
    return new Times(wish.schedule())
        .next(now)
        .map(
            time ->
                new TimerRows.Wanted(
                    id.toString(),
                    id.project(),
                    id.workflow(),
                    wish.version(),
                    new TimerData(wish.schedule(), time).print(),
                    time,
                    seen));
  }
}
