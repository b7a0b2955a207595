package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.util.Map;

/**
 * A wish for a run of a workflow's version.
 *
 * @param dedupeKey two requests of the same key (within a project) open one run
 * @param trigger what opened it, as expressions see it: {@code type} and the data of that type
 * @param inputs complete and valid
 */
public record RunRequest(
    RunId id,
    ProjectName project,
    WorkflowName workflow,
    int version,
    String dedupeKey,
    Map<String, Object> trigger,
    Map<String, Object> inputs) {}
