package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.util.Map;
import java.util.Optional;

/**
 * A wish for a run of a workflow's version.
 *
 * @param dedupeKey two requests of the same key (within a project) open one run
 * @param trigger what opened it, as expressions see it: {@code type} and the data of that type
 * @param inputs complete and valid
 * @param slot what it must hold to be under way, if anything
 * @param parent the node that opened it as a sub-workflow
 * @param rerunOf the earlier run that it repeats
 * @param trace where it is to be in a trace, if it is traced
 */
public record RunRequest(
    RunId id,
    ProjectName project,
    WorkflowName workflow,
    int version,
    String dedupeKey,
    Map<String, Object> trigger,
    Map<String, Object> inputs,
    Optional<Slot> slot,
    Optional<Parent> parent,
    Optional<RunId> rerunOf,
    Optional<RunTrace> trace) {

  /**
   * A node that waits for a run that it opened.
   *
   * @param depth how many runs are above the one that is opened
   */
  public record Parent(RunId run, NodeItem node, int depth) {}

  /** A run that is nobody's child. */
  public RunRequest(
      RunId id,
      ProjectName project,
      WorkflowName workflow,
      int version,
      String dedupeKey,
      Map<String, Object> trigger,
      Map<String, Object> inputs) {
    this(
        id,
        project,
        workflow,
        version,
        dedupeKey,
        trigger,
        inputs,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same run, which must hold a slot. */
  public RunRequest holding(Optional<Slot> needed) {
    return new RunRequest(
        id, project, workflow, version, dedupeKey, trigger, inputs, needed, parent, rerunOf, trace);
  }

  /** The same run as a node's sub-workflow. */
  public RunRequest under(Parent above) {
    return new RunRequest(
        id,
        project,
        workflow,
        version,
        dedupeKey,
        trigger,
        inputs,
        slot,
        Optional.of(above),
        rerunOf,
        trace);
  }

  /** The same run as the repetition of an earlier one. */
  public RunRequest repeating(RunId earlier) {
    return new RunRequest(
        id,
        project,
        workflow,
        version,
        dedupeKey,
        trigger,
        inputs,
        slot,
        parent,
        Optional.of(earlier),
        trace);
  }

  /** The same run at a place in a trace. */
  public RunRequest traced(Optional<RunTrace> place) {
    return new RunRequest(
        id, project, workflow, version, dedupeKey, trigger, inputs, slot, parent, rerunOf, place);
  }

  /** The word for what opens it. */
  String kind() {
    return rerunOf.isPresent() ? "rerun" : String.valueOf(trigger.get("type"));
  }

  /** The version that the run is pinned to. */
  public VersionId versionId() {
    return new VersionId(project, workflow, version);
  }
}
