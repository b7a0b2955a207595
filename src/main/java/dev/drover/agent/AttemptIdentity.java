package dev.drover.agent;

import dev.drover.name.ProjectName;
import java.util.Optional;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Who an attempt is: what the agent finds in its environment, and in whose name it waits for its
 * turn.
 *
 * @param attempt counts from 1
 * @param idempotencyKey the same for every attempt at the same work
 * @param traceparent W3C trace context, if the run is traced
 * @param share attempts of different shares take turns when they wait, however many of one wait;
 *     for nodes it is the workflow, {@code project/workflow}. The agent is not told
 */
public record AttemptIdentity(
    String run,
    String node,
    int attempt,
    String idempotencyKey,
    Optional<String> traceparent,
    String share) {

  /** One that belongs to no workflow: all such have one share together. */
  public AttemptIdentity(
      String run, String node, int attempt, String idempotencyKey, Optional<String> traceparent) {
    this(run, node, attempt, idempotencyKey, traceparent, "");
  }

  /** A line of the log is about it. */
  LoggingEventBuilder about(LoggingEventBuilder line) {
    LoggingEventBuilder about =
        line.addKeyValue("run", run).addKeyValue("node", node).addKeyValue("attempt", attempt);
    String[] names = share.split("/", 2);
    if (names.length == 2) {
      about = about.addKeyValue("project", names[0]).addKeyValue("workflow", names[1]);
    }
    String[] trace = traceparent.orElse("").split("-", 4);
    return trace.length == 4 && trace[3].equals("01")
        ? about.addKeyValue("trace_id", trace[1]).addKeyValue("span_id", trace[2])
        : about;
  }

  /** The project in whose name it is; what belongs to no workflow belongs to none. */
  public Optional<ProjectName> project() {
    return share.isEmpty()
        ? Optional.empty()
        : Optional.of(new ProjectName(share.split("/", 2)[0]));
  }
}
