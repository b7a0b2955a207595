package dev.drover.telemetry;

import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.Remediation;
import dev.drover.run.RunEvent;
import dev.drover.run.RunEvent.TakeUp;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import dev.drover.run.Wait;
import dev.drover.workflow.Step;
import dev.drover.workflow.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What becomes of runs and their nodes, as metrics. No label ever carries the id of a run. */
public final class RunMetrics implements RunListener {
  static final Metric OPENED =
      Metric.counter(
          "drover.runs.opened",
          "runs that were opened, by `alert`, `webhook`, `schedule`, `manual`, `workflow`"
              + " (as a sub-workflow) or `rerun`; once each, by the server that did",
          "project",
          "workflow",
          "trigger");
  static final Metric ENDED =
      Metric.counter(
          "drover.runs",
          "runs that ended: `succeeded`, `failed`, `cancelled`, `timed_out`",
          "project",
          "workflow",
          "state");
  static final Metric DURATION =
      Metric.histogram(
          "drover.run.duration",
          "seconds",
          Metric.RUN_SECONDS,
          "from a run's start to its end, waiting in the queue not included",
          "project",
          "workflow",
          "state");
  static final Metric QUEUE =
      Metric.histogram(
          "drover.run.queue",
          "seconds",
          new double[] {0.005, 0.025, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600},
          "from a run's opening (the time in its id) to its first start",
          "project");
  static final Metric RESUMED =
      Metric.counter(
          "drover.runs.resumed",
          "runs that were taken up again: woken, told of a decision, or taken over");
  static final Metric TAKEN_OVER =
      Metric.counter(
          "drover.runs.taken.over",
          "those of them that another server, or an earlier life of this one, had left unfinished");
  static final Metric NODE =
      Metric.summary(
          "drover.node.duration",
          "seconds",
          "from a node's last token to its outcome being durable; `_count` is how often it was"
              + " settled, `skipped` and `upstream_failed` included",
          "project",
          "workflow",
          "node",
          "state");
  static final Metric RETRIES =
      Metric.counter(
          "drover.node.retries",
          "failed attempts of nodes, or of their items, after which another one follows",
          "project",
          "workflow",
          "node");
  static final Metric REFUSALS =
      Metric.counter(
          "drover.budget.refusals",
          "attempts of agents that were not made because a [budget](workflow-language.md#budget)"
              + " is spent",
          "project",
          "workflow");
  static final Metric REMEDIATIONS =
      Metric.counter(
          "drover.remediations",
          "waits of runs for the end of their alerts (`wait: { until: resolved }`) that are over:"
              + " `resolved`, `timed_out`, `expired` ([nobody mentioned"
              + " it](alerts.md#when-no-resolve-comes)), `cancelled`",
          "project",
          "workflow",
          "outcome");
  static final Metric REMEDIATION =
      Metric.histogram(
          "drover.remediation",
          "seconds",
          Metric.ALERT_SECONDS,
          "of those that were `resolved`: from the beginning of the first of the run's alerts to"
              + " the end of the last. The time to repair",
          "project",
          "workflow");

  private final Meters meters;
  private final AgentMetrics agents;

  /** Makes its meters there. */
  public RunMetrics(Meters meters, AgentMetrics agents) {
    this.meters = meters;
    this.agents = agents;
    meters.counter(RESUMED);
    meters.counter(TAKEN_OVER);
  }

  /**
   * Has the counters of a workflow begin at 0: what happens to it first can be seen as a rate then.
   */
  public void deployed(DeployedWorkflow version) {
    WorkflowKey key = WorkflowKey.of(version.id());
    String[] whose = {key.project().value(), meters.labels().workflow(key)};
    for (RunState state :
        List.of(RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.TIMED_OUT)) {
      meters.counter(ENDED, whose[0], whose[1], Labels.word(state));
    }
    Set<String> triggers = new TreeSet<>(Set.of("manual"));
    version.workflow().triggers().forEach(trigger -> triggers.add(word(trigger)));
    triggers.forEach(trigger -> meters.counter(OPENED, whose[0], whose[1], trigger));
    boolean waits =
        version.workflow().nodes().values().stream()
            .anyMatch(node -> node.step() instanceof Step.WaitUntilResolved);
    if (waits) {
      for (Remediation.Result result : Remediation.Result.values()) {
        meters.counter(REMEDIATIONS, whose[0], whose[1], Labels.word(result));
      }
    }
    if (version.workflow().budget().isPresent()) {
      meters.counter(REFUSALS, whose);
    }
  }

  private static String word(Trigger trigger) {
    if (trigger instanceof Trigger.Alert) {
      return "alert";
    }
    return trigger instanceof Trigger.Schedule ? "schedule" : "webhook";
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.NodeSettled settled) {
      settled(settled);
    } else if (event instanceof RunEvent.AttemptEnded ended) {
      agents.ended(ended.attempt());
    } else if (event instanceof RunEvent.Ended ended) {
      ended(ended);
    } else if (event instanceof RunEvent.Opened opened) {
      meters.counter(OPENED, of(opened.run(), opened.trigger())).increment();
    } else if (event instanceof RunEvent.TakenUp taken) {
      takenUp(taken);
    } else if (event instanceof RunEvent.Waiting waiting) {
      waits(waiting);
    } else if (event instanceof RunEvent.BudgetRefused refused) {
      meters.counter(REFUSALS, of(refused.run())).increment();
    } else if (event instanceof RunEvent.Remediated remediated) {
      remediated(remediated);
    }
  }

  private void settled(RunEvent.NodeSettled event) {
    if (event.node().isWhole()) {
      WorkflowKey workflow = event.run().workflow();
      meters.record(
          NODE,
          Duration.between(event.startedAt(), event.endedAt()),
          workflow.project().value(),
          meters.labels().workflow(workflow),
          meters.labels().node(workflow, event.node().node().value()),
          Labels.word(event.outcome().state()));
    }
  }

  private void ended(RunEvent.Ended event) {
    String[] labels = of(event.run(), Labels.word(event.state()));
    meters.counter(ENDED, labels).increment();
    if (event.begun()) {
      meters.record(DURATION, event.took(), labels);
    }
  }

  /** A repetition goes on from what another run did, and begins all the same. */
  private void takenUp(RunEvent.TakenUp event) {
    if (event.epoch() == 1) {
      ProjectName project = event.run().version().project();
      event
          .run()
          .run()
          .time()
          .ifPresent(
              opened ->
                  meters.record(QUEUE, Duration.between(opened, event.at()), project.value()));
      return;
    }
    meters.counter(RESUMED).increment();
    if (event.how() == TakeUp.TAKEN_OVER) {
      meters.counter(TAKEN_OVER).increment();
    }
  }

  private void waits(RunEvent.Waiting event) {
    if (event.what() instanceof Wait.Retry) {
      WorkflowKey workflow = event.run().workflow();
      meters
          .counter(
              RETRIES,
              workflow.project().value(),
              meters.labels().workflow(workflow),
              meters.labels().node(workflow, event.node().node().value()))
          .increment();
    }
  }

  private void remediated(RunEvent.Remediated event) {
    Remediation result = event.result();
    meters.counter(REMEDIATIONS, of(event.run(), Labels.word(result.result()))).increment();
    result.took().ifPresent(took -> meters.record(REMEDIATION, took, of(event.run())));
  }

  private String[] of(RunEvent.Subject run, String... more) {
    WorkflowKey workflow = run.workflow();
    String[] labels = new String[2 + more.length];
    labels[0] = workflow.project().value();
    labels[1] = meters.labels().workflow(workflow);
    System.arraycopy(more, 0, labels, 2, more.length);
    return labels;
  }
}
