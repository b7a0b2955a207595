package dev.drover.route;

import dev.drover.agent.AgentCall;
import dev.drover.agent.AgentCost;
import dev.drover.agent.AgentManifest;
import dev.drover.agent.AgentManifest.Effect;
import dev.drover.agent.AgentStatus;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.FailureType;
import dev.drover.agent.RunningAttempt;
import dev.drover.json.Json;
import dev.drover.run.Attempted;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.NodeOutcome;
import dev.drover.run.Spending;
import dev.drover.run.TraceParent;
import dev.drover.run.Usage;
import dev.drover.run.VersionId;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.SpendingLimit;
import dev.drover.workflow.Step;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
    Optional<AgentManifest> manifest = agents.find(step.agent()).map(AgentStatus::manifest);
    boolean once = manifest.filter(m -> m.effect() == Effect.ONCE).isPresent();
    if (once && turn.followsInterruption()) {
      return CompletableFuture.completedFuture(interrupted(turn.number() - 1));
    }
    Call call = new Call(turn, input, manifest, once);
    return call.limit()
        .map(
            limit ->
                spending(turn)
                    .thenCompose(
                        spent ->
                            spent
                                .exceeds(limit)
                                .map(failure -> refused(turn, failure))
                                .orElseGet(() -> begin(call))))
        .orElseGet(() -> begin(call));
  }

  /** An attempt that is to be made, and the agent as it is now, if it is registered. */
  private record Call(
      Turn turn, Map<String, Object> input, Optional<AgentManifest> manifest, boolean once) {
    AgentCost cost() {
      return manifest.map(AgentManifest::cost).orElse(AgentCost.NONE);
    }

    /** What stands in its way, if it costs anything. To undo is always allowed. */
    Optional<SpendingLimit> limit() {
      return cost().isNone() || turn.item().isUndo()
          ? Optional.empty()
          : turn.execution().deployed().workflow().budget();
    }

    Optional<Journal.Terms> terms() {
      return manifest.map(
          m ->
              new Journal.Terms(
                  m.name().value(),
                  m.cost().perMinute(),
                  m.cost().perAttempt(),
                  m.timeout(turn.timeout())));
    }
  }

  private CompletableFuture<Spending> spending(Turn turn) {
    return parts
        .journal()
        .spending(
            turn.execution().id(),
            WorkflowKey.of(turn.execution().deployed().id()),
            LocalDate.ofInstant(parts.clock().instant(), ZoneOffset.UTC))
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(new NotBegun(e)));
  }

  /** The last attempt is the one before: none was begun now. */
  private static CompletableFuture<Result> refused(Turn turn, Failure failure) {
    return CompletableFuture.completedFuture(
        new Result.Done(
            new NodeOutcome.Failed(failure),
            Optional.of(Journal.AttemptEnd.of(turn.number() - 1)),
            false));
  }

  private CompletableFuture<Result> begin(Call call) {
    Turn turn = call.turn();
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
                    call.terms(),
                    parts.clock().instant()));
    if (!call.once()) {
      return start(call);
    }
    return journalled
        .exceptionallyCompose(
            e ->
                CompletableFuture.failedFuture(
                    e instanceof Journal.NotStorable ? e : new NotBegun(e)))
        .thenCompose(done -> start(call));
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
        new NodeOutcome.Failed(failure), Optional.of(Journal.AttemptEnd.of(attempt)), false);
  }

  private CompletableFuture<Result> start(Call wanted) {
    Turn turn = wanted.turn();
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
            turn.trace().map(TraceParent::toString),
            share(execution));
    AttemptLines lines = new AttemptLines(turn, parts.journal());
    AgentCall call =
        new AgentCall(
            step.agent(),
            wanted.input(),
            turn.timeout(),
            identity,
            lines,
            parts
                .artifacts()
                .of(
                    execution.deployed().id().project(),
                    execution.id(),
                    turn.item(),
                    turn.number()));
    Instant startedAt = parts.clock().instant();
    RunningAttempt running = agents.run(call);
    execution.whenStopped(turn.item(), running::cancel);
    return running
        .result()
        .thenCompose(lines::before)
        .thenCompose(result -> ended(result, wanted, startedAt));
  }

  /** An attempt that was ended with its server's lease says nothing of the agent. */
  private CompletableFuture<Result> ended(AttemptResult result, Call call, Instant startedAt) {
    return result instanceof AttemptResult.Failed failed && failed.type() == FailureType.LEASE_LOST
        ? CompletableFuture.failedFuture(new NotBegun(new IllegalStateException(failed.message())))
        : CompletableFuture.completedFuture(end(result, call, startedAt));
  }

  private static String share(Execution execution) {
    VersionId version = execution.deployed().id();
    return version.project() + "/" + version.workflow();
  }

  private Result end(AttemptResult result, Call call, Instant startedAt) {
    NodeOutcome outcome = outcome(result);
    Turn turn = call.turn();
    Attempted attempted =
        new Attempted(
            Optional.of(turn.place()),
            step.agent().value(),
            result.runtime(),
            outcome.state(),
            failure(result),
            usage(result, call.cost()),
            new Attempted.Times(startedAt, parts.clock().instant()));
    return new Result.Done(
        outcome,
        Optional.of(Journal.AttemptEnd.of(turn.number(), exitCode(result), attempted)),
        !call.once());
  }

  /** What an attempt used. */
  static Usage usage(AttemptResult result, AgentCost cost) {
    return new Usage(AgentCost.rounded(result.duration()), cost.of(result.duration()));
  }

  /** Why it failed, if it did. */
  static Optional<Failure> failure(AttemptResult result) {
    return result instanceof AttemptResult.Failed failed
        ? Optional.of(Failure.of(failed.type().name(), failed.message()))
        : Optional.empty();
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
