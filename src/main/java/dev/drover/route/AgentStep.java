package dev.drover.route;

import dev.drover.agent.AgentCall;
import dev.drover.agent.AgentManifest.Effect;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.LogLine;
import dev.drover.agent.RunningAttempt;
import dev.drover.json.Json;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunListener;
import dev.drover.run.VersionId;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Node;
import dev.drover.workflow.Step;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Runs an agent. An attempt that was running when a server died is tried again with the same
 * idempotency key, unless the agent's effect may happen only once: then its node fails as
 * interrupted, and its author decides.
 */
final class AgentStep implements StepRunner {
  private final Step.Agent step;
  private final Agents agents;
  private final Journal journal;
  private final RunListener listener;
  private final Clock clock;

  AgentStep(Step.Agent step, Agents agents, Journal journal, RunListener listener, Clock clock) {
    this.step = step;
    this.agents = agents;
    this.journal = journal;
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Result> run(Execution execution, Node node) throws ExpressionFailure {
    Map<String, Object> input = Json.asObject(step.with().evaluate(execution.scope()));
    int before = execution.attemptsBefore(node.id());
    boolean once =
        agents.find(step.agent()).map(a -> a.manifest().effect() == Effect.ONCE).orElse(false);
    if (once && execution.interrupted().contains(node.id())) {
      return CompletableFuture.completedFuture(interrupted(before));
    }
    int attempt = before + 1;
    CompletableFuture<Void> journalled =
        journal.start(
            new Journal.AttemptStart(
                execution.id(),
                execution.epoch(),
                node.id(),
                attempt,
                agents.runtime(),
                clock.instant()));
    if (!once) {
      return start(execution, node, attempt, input);
    }
    return journalled
        .exceptionallyCompose(
            e ->
                CompletableFuture.failedFuture(
                    e instanceof Journal.NotStorable ? e : new NotBegun(e)))
        .thenCompose(done -> start(execution, node, attempt, input));
  }

  private Result interrupted(int attempt) {
    Failure failure =
        Failure.of(
            Failure.INTERRUPTED,
            "the server died while agent "
                + step.agent()
                + " ran, and its effect is \"once\":"
                + " whether it happened is not known");
    return new Result(
        new NodeOutcome.Failed(failure),
        Optional.of(new Journal.AttemptEnd(attempt, Optional.empty())));
  }

  private CompletableFuture<Result> start(
      Execution execution, Node node, int attempt, Map<String, Object> input) {
    AttemptIdentity identity =
        new AttemptIdentity(
            execution.id().toString(),
            node.id().value(),
            attempt,
            execution.id() + "/" + node.id(),
            Optional.empty(),
            share(execution));
    AgentCall call =
        new AgentCall(
            step.agent(),
            input,
            node.timeout(),
            identity,
            lines -> {
              journal.log(
                  execution.id(), node.id(), attempt, lines.stream().map(AgentStep::line).toList());
              return CompletableFuture.completedFuture(null);
            });
    RunningAttempt running = agents.run(call);
    execution.whenFinished(node.id(), () -> running.cancel("its run is carried on elsewhere"));
    return running.result().thenApply(result -> end(result, attempt));
  }

  private static String share(Execution execution) {
    VersionId version = execution.deployed().id();
    return version.project() + "/" + version.workflow();
  }

  private static Journal.LogLine line(LogLine line) {
    return new Journal.LogLine(line.number(), line.at(), line.text());
  }

  private Result end(AttemptResult result, int attempt) {
    NodeOutcome outcome = outcome(result);
    listener.attemptEnded(step.agent().value(), result.runtime(), outcome.state());
    return new Result(outcome, Optional.of(new Journal.AttemptEnd(attempt, exitCode(result))));
  }

  private NodeOutcome outcome(AttemptResult result) {
    if (result instanceof AttemptResult.Succeeded succeeded) {
      return new NodeOutcome.Succeeded(succeeded.output());
    } else if (result instanceof AttemptResult.Failed failed) {
      return new NodeOutcome.Failed(
          Failure.of(failed.type().name(), "agent " + step.agent() + ": " + failed.message()));
    }
    return new NodeOutcome.Cancelled(((AttemptResult.Cancelled) result).reason());
  }

  private static Optional<Integer> exitCode(AttemptResult result) {
    if (result instanceof AttemptResult.Failed failed) {
      OptionalInt code = failed.exitCode();
      return code.isPresent() ? Optional.of(code.getAsInt()) : Optional.empty();
    }
    return result instanceof AttemptResult.Succeeded ? Optional.of(0) : Optional.empty();
  }
}
