package dev.drover.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * How the log speaks of runs: each line that is about one says which, under the same keys
 * everywhere.
 */
public final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private RunLog() {}

  /** The line is about this run. */
  public static LoggingEventBuilder about(LoggingEventBuilder line, Execution execution) {
    return about(line, execution.subject());
  }

  /** The line is about this run, and belongs to its trace. */
  static LoggingEventBuilder about(LoggingEventBuilder line, RunEvent.Subject run) {
    LoggingEventBuilder known = about(line, run.run(), run.version());
    return run.trace()
        .filter(TraceParent::sampled)
        .map(t -> known.addKeyValue("trace_id", t.traceId()).addKeyValue("span_id", t.spanId()))
        .orElse(known);
  }

  /** The line is about this run. */
  public static LoggingEventBuilder about(LoggingEventBuilder line, RunId run, VersionId workflow) {
    return line.addKeyValue("run", run).addKeyValue("workflow", workflow);
  }

  /** The line is about this node of this run. */
  public static LoggingEventBuilder about(
      LoggingEventBuilder line, Execution execution, NodeItem node) {
    return about(line, execution).addKeyValue("node", node);
  }

  /**
   * Adds what failed, and not what it said: that can quote an agent's output, or what it was given.
   * It is in the run, for those who may read that; and in the log at DEBUG.
   */
  public static LoggingEventBuilder failed(LoggingEventBuilder line, RunId run, Failure failure) {
    LOG.atDebug()
        .addKeyValue("run", run)
        .addKeyValue("type", failure.type())
        .addKeyValue("reason", failure.message())
        .addKeyValue("causes", failure.causes())
        .log("What the next line is about said");
    return line.addKeyValue("type", failure.type()).addKeyValue("causes", failure.causeTypes());
  }
}
