package dev.drover.workflow;

import dev.drover.yaml.Problem;
import java.util.List;

/** What reading a workflow document gave. */
public sealed interface Reading {
  /** A workflow that can run; the warnings say what its author may want to know before it does. */
  record Valid(Workflow workflow, List<Problem> warnings) implements Reading {
    public Valid {
      warnings = List.copyOf(warnings);
    }
  }

  /** Every problem of the document, in its order. */
  record Invalid(List<Problem> problems) implements Reading {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
