package dev.drover.workflow;

import dev.drover.name.WorkflowName;
import dev.drover.yaml.Position;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.Optional;

/** What a node does, as it was read, before its names and expressions have been looked at. */
sealed interface StepDraft {
  /** The path in the document of the map that it stands in: a node, or its undo. */
  String path();

  /** Hands itself to the method for its kind. */
  Step compile(StepCompiler compiler, Reader reader);

  default String pathOf(String key) {
    return path() + "." + key;
  }

  /** An agent's name. */
  record Agent(String path, YamlScalar name, Optional<YamlMap> with) implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.agent(this, reader);
    }
  }

  /** An endpoint's URI. */
  record To(String path, YamlScalar uri, Optional<YamlValue> with) implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.to(this, reader);
    }
  }

  /** What is computed. */
  record Value(String path, YamlValue value) implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.value(this, reader);
    }
  }

  /** Another workflow's name, and where it stands. */
  record Call(String path, WorkflowName workflow, Position position, Optional<YamlMap> with)
      implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.call(this, reader);
    }
  }

  /** A question to a person; {@code path} is that of the approval. */
  record Approval(
      String path, YamlScalar message, Optional<Duration> timeout, Step.OnTimeout onTimeout)
      implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.approval(this, reader);
    }
  }

  /** A duration; {@code path} is that of the wait. */
  record WaitFor(String path, YamlScalar duration) implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.waitFor(this, reader);
    }
  }

  /** An event; {@code path} is that of the wait. */
  record WaitUntil(String path, Until until, Position position, Optional<Duration> timeout)
      implements StepDraft {
    @Override
    public Step compile(StepCompiler compiler, Reader reader) {
      return compiler.waitUntil(this);
    }
  }

  /** What can be waited for. */
  enum Until {
    RESOLVED
  }
}
