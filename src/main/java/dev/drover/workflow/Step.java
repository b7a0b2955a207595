package dev.drover.workflow;

import dev.drover.name.AgentName;
import dev.drover.name.WorkflowName;
import java.time.Duration;
import java.util.Optional;

/** What a node does; a node has exactly one. */
public sealed interface Step {
  /** The word that names the kind of step in a document. */
  String kind();

  /** Runs an agent; {@code with} evaluates to its input, an object. */
  record Agent(AgentName agent, Template with) implements Step {
    @Override
    public String kind() {
      return "agent";
    }
  }

  /** Sends {@code with}, as JSON in the body, to a Camel endpoint whose URI is fixed at load. */
  record To(String uri, Template with) implements Step {
    @Override
    public String kind() {
      return "to";
    }
  }

  /** Computes its output. */
  record Value(Template value) implements Step {
    @Override
    public String kind() {
      return "value";
    }
  }

  /**
   * Opens a run of another workflow of the project and waits for its end; its outputs are the
   * node's. Whether there is such a workflow shows when the node runs.
   *
   * @param with evaluates to the inputs, an object
   */
  record Call(WorkflowName workflow, Template with) implements Step {
    @Override
    public String kind() {
      return "workflow";
    }
  }

  /**
   * Waits until a person decides.
   *
   * @param message evaluates to what that person is asked
   * @param timeout how long; without it, for ever
   */
  record Approval(Template message, Optional<Duration> timeout, OnTimeout onTimeout)
      implements Step {
    @Override
    public String kind() {
      return "approval";
    }
  }

  /** What an approval becomes when nobody decides in time. */
  enum OnTimeout {
    REJECT,
    APPROVE
  }

  /**
   * Waits for some time.
   *
   * @param duration evaluates to a duration as {@link dev.drover.yaml.DurationText} has it, or to a
   *     number of seconds
   */
  record WaitFor(Template duration) implements Step {
    /** No wait is longer. */
    public static final Duration LONGEST = Duration.ofDays(3_650);

    @Override
    public String kind() {
      return "wait";
    }
  }

  /**
   * Waits until the alert that opened the run is over.
   *
   * @param timeout how long; without it, for ever
   */
  record WaitUntilResolved(Optional<Duration> timeout) implements Step {
    @Override
    public String kind() {
      return "wait";
    }
  }
}
