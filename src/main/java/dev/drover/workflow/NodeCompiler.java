package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.workflow.NodeDraft.Items;
import dev.drover.workflow.NodeDraft.Undoing;
import java.util.List;
import java.util.Optional;

/** Makes nodes of what was read: each part of one sees what is there when it is computed. */
final class NodeCompiler {
  private final Problems problems;
  private final AgentCheck agents;
  private final ExpressionCompiler expressions;
  private final TemplateCompiler templates;
  private final StepCompiler steps;

  NodeCompiler(
      Problems problems,
      AgentCheck agents,
      ExpressionCompiler expressions,
      TemplateCompiler templates,
      StepCompiler steps) {
    this.problems = problems;
    this.agents = agents;
    this.expressions = expressions;
    this.templates = templates;
    this.steps = steps;
  }

  Node compile(NodeDraft draft, List<NodeId> dependencies) {
    Reader once = Reader.of(draft.id());
    Reader each = draft.forEach().isPresent() ? once.withItem() : once;
    Step step = draft.step().orElseThrow().compile(steps, each);
    checkRetry(draft, step);
    return new Node(
        draft.id(),
        dependencies,
        draft.runIf(),
        when(draft, once),
        step,
        draft.timeout(),
        draft.continueOnError(),
        draft.retry().map(RetryReader.Draft::retry),
        draft.forEach().map(items -> forEach(draft, items, once)),
        draft.undo().flatMap(undo -> undo(undo, each.afterwards())));
  }

  private Optional<Expression> when(NodeDraft draft, Reader reader) {
    return draft
        .when()
        .flatMap(
            text ->
                expressions.compileCondition(
                    new Place(text, 0, draft.pathOf("when")), text.raw(), reader));
  }

  private ForEach forEach(NodeDraft draft, Items items, Reader reader) {
    return new ForEach(
        templates.compileList(items.list(), draft.pathOf("forEach"), reader), items.maxParallel());
  }

  private Optional<Undo> undo(Undoing undo, Reader reader) {
    Step step = undo.step().compile(steps, reader);
    // An unknown agent was reported, and left something that nothing can be undone by.
    return step instanceof Step.Agent || step instanceof Step.To
        ? Optional.of(new Undo(step, undo.timeout()))
        : Optional.empty();
  }

  private void checkRetry(NodeDraft draft, Step step) {
    if (draft.retry().isPresent()
        && draft.retry().get().retry().attempts() > 1
        && step instanceof Step.Agent agent
        && agents.isOnce(agent.agent())) {
      problems.report(
          draft.retry().get().position(),
          draft.pathOf("retry"),
          "agent %s has \"effect: once\", and a retry would start it twice"
              .formatted(Quote.of(agent.agent().value())),
          "leave it out, and let a node with \"runIf: any-failed\" decide");
    }
  }
}
