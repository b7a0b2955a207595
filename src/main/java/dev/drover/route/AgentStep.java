package dev.drover.route;

import dev.drover.agent.AgentCall;
import dev.drover.agent.AgentManifest.Effect;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.FailureType;
import dev.drover.agent.LogLine;
import dev.drover.agent.RunningAttempt;
import dev.drover.json.Json;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeOutcome;
import dev.drover.run.VersionId;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Step;
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
  private final Parts parts;

  AgentStep(Step.Agent step, Agents agents, Parts parts) {
    this.step = step;
    this.agents = agents;
    this.parts = parts;
  }

  @Override
  public CompletableFuture<Result> run(Turn turn) throws ExpressionFailure {
    Map<String, Object> input = Json.asObject(step.with().evaluate(turn.scope()));
    boolean once =
        agents.find(step.agent()).map(a -> a.manifest().effect() == Effect.ONCE).orElse(false);
    if (once && turn.followsInterruption()) {
      return CompletableFuture.completedFuture(interrupted(turn.number() - 1));
    }
    CompletableFuture<Void> journalled =
        parts
            .journal()
            .start(
                new Journal.AttemptStart(
                    turn.execution().id(),
                    turn.execution().epoch(),
                    turn.item(),
                    turn.number(),
                    agents.runtime(),
                    parts.clock().instant()));
    if (!once) {
      return start(turn, input, false);
    }
    return journalled
        .exceptionallyCompose(
            e ->
                CompletableFuture.failedFuture(
                    e instanceof Journal.NotStorable ? e : new NotBegun(e)))
        .thenCompose(done -> start(turn, input, true));
  }

  private Result interrupted(int attempt) {
    Failure failure =
        Failure.of(
            Failure.INTERRUPTED,
            "the server died while agent "
                + step.agent()
                + " ran, and its effect is \"once\":"
                + " whether it happened is not known");
    return new Result.Done(
        new NodeOutcome.Failed(failure),
        Optional.of(new Journal.AttemptEnd(attempt, Optional.empty())),
        false);
  }

  private CompletableFuture<Result> start(Turn turn, Map<String, Object> input, boolean once) {
    Execution execution = turn.execution();
    if (!execution.mayStart()) {
      return CompletableFuture.failedFuture(
          new NotBegun(new IllegalStateException("the run is not this server's any more")));
    }
    AttemptIdentity identity =
        new AttemptIdentity(
            execution.id().toString(),
            turn.item().node().value(),
            turn.number(),
            turn.idempotencyKey(),
            Optional.empty(),
            share(execution));
    AgentCall call =
        new AgentCall(
            step.agent(),
            input,
            turn.timeout(),
            identity,
            lines ->
                parts
                    .journal()
                    .log(
                        execution.id(),
                        turn.item(),
                        turn.number(),
                        lines.stream().map(AgentStep::line).toList()));
    RunningAttempt running = agents.run(call);
    execution.whenStopped(turn.item(), running::cancel);
    return running.result().thenCompose(result -> ended(result, turn.number(), !once));
  }

  /** An attempt that was ended with its server's lease says nothing of the agent. */
  private CompletableFuture<Result> ended(AttemptResult result, int attempt, boolean repeatable) {
    return result instanceof AttemptResult.Failed failed && failed.type() == FailureType.LEASE_LOST
        ? CompletableFuture.failedFuture(new NotBegun(new IllegalStateException(failed.message())))
        : CompletableFuture.completedFuture(end(result, attempt, repeatable));
  }

  private static String share(Execution execution) {
    VersionId version = execution.deployed().id();
    return version.project() + "/" + version.workflow();
  }

  private static Journal.LogLine line(LogLine line) {
    return new Journal.LogLine(line.number(), line.at(), line.text());
  }

  private Result end(AttemptResult result, int attempt, boolean repeatable) {
    NodeOutcome outcome = outcome(result);
    parts.listener().attemptEnded(step.agent().value(), result.runtime(), outcome.state());
    return new Result.Done(
        outcome, Optional.of(new Journal.AttemptEnd(attempt, exitCode(result))), repeatable);
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
