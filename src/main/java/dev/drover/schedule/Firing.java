package dev.drover.schedule;

import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.Slot;
import dev.drover.run.WorkflowRegistry.Active;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the run of a schedule whose time has come. */
final class Firing {
  private static final Logger LOG = LoggerFactory.getLogger(Firing.class);
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final long PATIENCE_SECONDS = 10;
  private static final int MOST_COUNTED = 10_000;

  private final Door door;
  private final Supplier<UUID> ids;

  Firing(Door door, Supplier<UUID> ids) {
    this.door = door;
    this.ids = ids;
  }

  /**
   * Opens one run for all times from {@code due} to {@code now}, or none if the author wants late
   * ones left out. Done twice it opens one run: the key is of the time.
   *
   * @throws IllegalStateException if the run may not be durable: to be tried again
   */
  void fire(Active active, ScheduleId id, TimerData data, Instant now) {
    Times times = new Times(data.schedule());
    Instant last = times.last(data.due(), now);
    boolean isLate = Duration.between(last, now).compareTo(LATE) > 0;
    if (isLate && data.schedule().missed() == Trigger.Missed.SKIP) {
      LOG.atInfo()
          .addKeyValue("schedule", id)
          .addKeyValue("time", last)
          .log("Missed, and left out");
      return;
    }
    int missed = times.count(data.due(), last, MOST_COUNTED);
    try {
      open(request(active.workflow(), id, last, trigger(data.schedule(), last, missed)));
    } catch (Unopenable e) { // nor could it later
      LOG.atError().addKeyValue("schedule", id).setCause(e).log("A schedule opens no run");
    }
  }

  /** The workflow as it is can't have such a run. */
  private static final class Unopenable extends Exception {
    private static final long serialVersionUID = 1L;

    Unopenable(String message) {
      super(message);
    }
  }

  private RunRequest request(
      DeployedWorkflow workflow, ScheduleId id, Instant at, Map<String, Object> trigger)
      throws Unopenable {
    Map<String, Object> inputs = workflow.workflow().inputs().complete(Map.of());
    List<String> faults = workflow.workflow().inputs().faults(inputs);
    if (!faults.isEmpty()) {
      throw new Unopenable(String.join("; ", faults));
    }
    RunRequest request =
        new RunRequest(
            new RunId(ids.get()),
            id.project(),
            id.workflow(),
            workflow.version(),
            "schedule:" + id.workflow() + "#" + id.number() + ":" + at,
            trigger,
            inputs);
    try {
      return request.holding(Slot.of(workflow.workflow(), id.project(), trigger, inputs));
    } catch (ExpressionFailure e) {
      throw new Unopenable("concurrency.key can't be computed: " + e.getMessage());
    }
  }

  private static Map<String, Object> trigger(Trigger.Schedule schedule, Instant at, int missed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cron", schedule.cron());
    fields.put("zone", schedule.zone().getId());
    fields.put("at", at.toString());
    fields.put("missed", (long) missed);
    return Map.of("type", "schedule", "schedule", fields);
  }

  private void open(RunRequest request) {
    try {
      boolean opened = door.open(request).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      LOG.atDebug()
          .addKeyValue("run", request.id())
          .addKeyValue("key", request.dedupeKey())
          .log(opened ? "A schedule opened a run" : "A schedule had opened its run before");
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the run could not be opened", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server is stopping", e);
    }
  }
}
