package dev.drover.route;

import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.RunState;
import dev.drover.run.RunTrace;
import dev.drover.run.Signal;
import dev.drover.run.Slot;
import dev.drover.run.Wait;
import dev.drover.run.Wakeup;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a run of another workflow and waits for its end; its outputs are the node's. */
record WorkflowStep(Step.Call step, ChildRuns children, Parts parts) implements StepRunner {
  /** Runs above one another at the most: beyond that they are taken for an endless recursion. */
  static final int MAX_DEPTH = 10;

  private static final String SLOTS = "slots";

  private static final Logger LOG = LoggerFactory.getLogger(WorkflowStep.class);

  @Override
  public CompletableFuture<Result> run(Turn turn) throws ExpressionFailure {
    Execution execution = turn.execution();
    ProjectName project = execution.deployed().project();
    Optional<DeployedWorkflow> called = children.current(project, step.workflow());
    if (called.isEmpty()) {
      return failed("WORKFLOW_UNKNOWN", "there is no workflow " + step.workflow());
    }
    if (execution.depth() >= MAX_DEPTH) {
      return failed(
          "TOO_DEEP", "workflows call one another more than " + MAX_DEPTH + " levels deep");
    }
    Map<String, Object> inputs =
        called
            .get()
            .workflow()
            .inputs()
            .complete(Json.asObject(step.with().evaluate(turn.scope())));
    List<String> faults = called.get().workflow().inputs().faults(inputs);
    if (!faults.isEmpty()) {
      return failed(
          "INPUT_INVALID", step.workflow() + " can't take this: " + String.join("; ", faults));
    }
    RunRequest child = child(turn, called.get(), inputs);
    if (isHeldAbove(turn.execution(), child)) {
      return failed(
          "SLOT_HELD",
          "run %s could never begin: the runs above it hold its slots (concurrency of %s)"
              .formatted(child.id(), step.workflow()));
    }
    Optional<java.time.Instant> until = turn.timeout().map(parts.clock().instant()::plus);
    return CompletableFuture.completedFuture(
        new Result.Waits(new Wait.Child(child.id(), until), Optional.of(child)));
  }

  private RunRequest child(Turn turn, DeployedWorkflow called, Map<String, Object> inputs)
      throws ExpressionFailure {
    Execution execution = turn.execution();
    Map<String, Object> parent = new LinkedHashMap<>();
    parent.put("run", execution.id().toString());
    parent.put("workflow", execution.deployed().workflow().name().value());
    parent.put("node", turn.item().node().value());
    parent.put(SLOTS, slotsAbove(execution));
    Map<String, Object> trigger = Map.of("type", "workflow", "workflow", parent);
    RunId id = children.newId();
    return new RunRequest(
            id,
            called.project(),
            called.workflow().name(),
            called.version(),
            "child:" + turn.idempotencyKey() + "#" + turn.number(),
            trigger,
            inputs)
        .holding(Slot.of(called.workflow(), called.project(), trigger, inputs))
        .under(new RunRequest.Parent(execution.id(), turn.item(), execution.depth() + 1))
        .traced(trace(turn, id));
  }

  /** A trace of its own, which is recorded if its parent's is. */
  private static Optional<RunTrace> trace(Turn turn, RunId child) {
    return turn.execution()
        .subject()
        .trace(turn.item())
        .map(node -> RunTrace.own(child, node.sampled(), Optional.of(node)));
  }

  /** The slots that this run and those above it hold, each as often as it is held. */
  private static List<Object> slotsAbove(Execution execution) throws ExpressionFailure {
    List<Object> slots = new ArrayList<>();
    if (execution.trigger().get("workflow") instanceof Map<?, ?> parent
        && parent.get(SLOTS) instanceof List<?> held) {
      slots.addAll(held);
    }
    DeployedWorkflow own = execution.deployed();
    Slot.of(own.workflow(), own.project(), execution.trigger(), execution.inputs())
        .ifPresent(slot -> slots.add(own.workflow().name() + " " + slot.key()));
    return slots;
  }

  private static boolean isHeldAbove(Execution execution, RunRequest child)
      throws ExpressionFailure {
    if (child.slot().isEmpty()) {
      return false;
    }
    Slot slot = child.slot().get();
    String needed = child.workflow() + " " + slot.key();
    return slotsAbove(execution).stream().filter(needed::equals).count() >= slot.limit();
  }

  private static CompletableFuture<Result> failed(String type, String message) {
    return CompletableFuture.completedFuture(
        Result.of(new NodeOutcome.Failed(Failure.of(type, message))));
  }

  @Override
  public NodeOutcome resume(Turn turn, Wait wait, Wakeup why) {
    RunId child = ((Wait.Child) wait).run();
    if (why instanceof Wakeup.Told told) {
      return ended(child, told.signal().data());
    }
    if (why instanceof Wakeup.Stopped stopped) {
      cancel(child, stopped.why().reason());
      return new NodeOutcome.Cancelled(stopped.why().reason());
    }
    cancel(child, "the node that waits for it has timed out");
    return new NodeOutcome.Failed(
        Failure.of(Failure.TIMEOUT, "run " + child + " did not end in time"));
  }

  private NodeOutcome ended(RunId child, Map<String, Object> data) {
    String state = String.valueOf(data.get("state"));
    String reason = String.valueOf(data.get("reason"));
    if (state.equals(RunState.SUCCEEDED.name())) {
      Object outputs = data.get("outputs");
      return new NodeOutcome.Succeeded(outputs == null ? Map.of() : outputs);
    } else if (state.equals(RunState.CANCELLED.name())) {
      return new NodeOutcome.Cancelled("run " + child + " was cancelled: " + reason);
    }
    return new NodeOutcome.Failed(
        Failure.of("WORKFLOW_" + state, "run " + child + " ended as " + state + ": " + reason));
  }

  private void cancel(RunId child, String reason) {
    Signal signal = Signal.toRun(child, Signal.Kind.CANCEL, Map.of("reason", reason));
    dev.drover.run.Async.whenDone(
        parts.journal().tell(signal),
        (done, thrown) -> {
          if (thrown != null) {
            LOG.atWarn()
                .addKeyValue("run", child)
                .setCause(thrown)
                .log("A sub-workflow could not be told that it is cancelled");
          }
        },
        bug ->
            LOG.atError()
                .addKeyValue("run", child)
                .setCause(bug)
                .log("A sub-workflow's cancel is not known"));
  }
}
