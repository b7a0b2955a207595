package dev.drover.schedule;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One schedule of a workflow.
 *
 * @param number counts the schedules among the workflow's triggers, from 0
 */
record ScheduleId(ProjectName project, WorkflowName workflow, int number) {
  private static final Pattern TEXT = Pattern.compile("([^/]+)/([^/#]+)#(\\d{1,6})");

  /** Reads what {@link #toString} writes. */
  static Optional<ScheduleId> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ScheduleId(
              new ProjectName(parts.group(1)),
              new WorkflowName(parts.group(2)),
              Integer.parseInt(parts.group(3))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return project + "/" + workflow + "#" + number;
  }
}
