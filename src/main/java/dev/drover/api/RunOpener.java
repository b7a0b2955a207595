package dev.drover.api;

import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.Slot;
import dev.drover.run.Tracing;
import dev.drover.workflow.ExpressionFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a run for a caller who waits until it is durable. */
final class RunOpener {
  private static final Logger LOG = LoggerFactory.getLogger(RunOpener.class);
  private static final long PATIENCE_SECONDS = 10;

  private final RunDispatcher dispatcher;
  private final Supplier<UUID> ids;
  private final Tracing tracing;

  RunOpener(RunDispatcher dispatcher, Supplier<UUID> ids, Tracing tracing) {
    this.dispatcher = dispatcher;
    this.ids = ids;
    this.tracing = tracing;
  }

  /**
   * Opens a run.
   *
   * @throws ApiProblem 422 if the inputs don't fit, 503 if the journal can't be written
   */
  RunRequest open(
      DeployedWorkflow workflow,
      String kind,
      Map<String, Object> trigger,
      Map<String, Object> given) {
    RunRequest request = request(workflow, kind, trigger, given);
    await(request);
    return request;
  }

  /**
   * Opens a run of each workflow, or of none if the inputs of one don't fit.
   *
   * @throws ApiProblem 422 if the inputs of one don't fit, 503 if the journal can't be written
   */
  List<RunRequest> openAll(
      List<DeployedWorkflow> workflows, String kind, Map<String, Object> trigger) {
    List<RunRequest> requests =
        workflows.stream().map(workflow -> request(workflow, kind, trigger, Map.of())).toList();
    requests.forEach(this::await);
    return requests;
  }

  /**
   * The run that would be opened.
   *
   * @throws ApiProblem 422 if the inputs don't fit
   */
  RunRequest request(
      DeployedWorkflow workflow,
      String kind,
      Map<String, Object> trigger,
      Map<String, Object> given) {
    Map<String, Object> inputs = workflow.workflow().inputs().complete(given);
    List<String> faults = workflow.workflow().inputs().faults(inputs);
    if (!faults.isEmpty()) {
      throw new ApiProblem(
          422,
          "Invalid inputs",
          workflow.workflow().name() + ": " + String.join("; ", faults),
          Map.of("problems", faults));
    }
    RunId id = new RunId(ids.get());
    return new RunRequest(
            id,
            workflow.project(),
            workflow.workflow().name(),
            workflow.version(),
            kind + "/" + id,
            trigger,
            inputs)
        .holding(slot(workflow, trigger, inputs))
        .traced(tracing.here(id));
  }

  private static Optional<Slot> slot(
      DeployedWorkflow workflow, Map<String, Object> trigger, Map<String, Object> inputs) {
    try {
      return Slot.of(workflow.workflow(), workflow.project(), trigger, inputs);
    } catch (ExpressionFailure e) {
      String message = "concurrency.key can't be computed: " + e.getMessage();
      throw new ApiProblem(422, "Invalid inputs", message, Map.of());
    }
  }

  private void await(RunRequest request) {
    try {
      dispatcher.open(request).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().addKeyValue("run", request.id()).setCause(e).log("A run could not be opened");
      throw ApiProblem.unavailable("the journal can't be written; try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiProblem.unavailable("the server is stopping");
    }
  }
}
