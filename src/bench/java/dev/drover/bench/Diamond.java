package dev.drover.bench;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Runs of a workflow, each from its opening to the moment that its end is durable. */
final class Diamond implements Callers.Work {
  /** Four nodes that only compute: what is left is the engine and its journal. */
  static final String YAML =
      """
      name: diamond
      nodes:
        a: { value: 1 }
        b: { dependsOn: [a], value: "${{ nodes.a.output + 1 }}" }
        c: { dependsOn: [a], value: "${{ nodes.a.output + 2 }}" }
        d: { dependsOn: [b, c], value: "${{ nodes.b.output + nodes.c.output }}" }
      outputs: { sum: "${{ nodes.d.output }}" }
      """;

  private final Engine engine;
  private final EndListener ends;
  private final DeployedWorkflow workflow;
  private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

  Diamond(Engine engine, EndListener ends, DeployedWorkflow workflow) {
    this.engine = engine;
    this.ends = ends;
    this.workflow = workflow;
  }

  @Override
  public void run() {
    RunId id = new RunId(ids.generate());
    CompletableFuture<Void> end = ends.of(id);
    engine.opening(id, workflow, Map.of()).join();
    end.join();
  }
}
