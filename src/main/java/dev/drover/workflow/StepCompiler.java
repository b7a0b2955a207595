package dev.drover.workflow;

import dev.drover.name.AgentName;
import dev.drover.name.WorkflowName;
import dev.drover.workflow.TemplateParts.Literal;
import dev.drover.yaml.YamlValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes steps of what was read. What has a problem becomes something harmless: it is reported, and
 * nothing of that document will run.
 */
final class StepCompiler {
  private static final Set<String> OF_ALERTS = Set.of("alert", "alerts");

  private final Problems problems;
  private final AgentCheck agents;
  private final EndpointRules endpoints;
  private final TemplateCompiler templates;
  private final About about;

  StepCompiler(
      Problems problems,
      AgentCheck agents,
      EndpointRules endpoints,
      TemplateCompiler templates,
      About about) {
    this.problems = problems;
    this.agents = agents;
    this.endpoints = endpoints;
    this.templates = templates;
    this.about = about;
  }

  /** What steps need to know of their workflow, each as far as it could be read. */
  record About(Optional<WorkflowName> name, Optional<Set<String>> triggerFields) {}

  Step agent(StepDraft.Agent draft, Reader reader) {
    Template with = with(draft, draft.with(), reader);
    Optional<AgentName> agent = agents.check(draft);
    return agent.isPresent() ? new Step.Agent(agent.get(), with) : new Step.Value(with);
  }

  Step to(StepDraft.To draft, Reader reader) {
    String uri = draft.uri().raw();
    endpoints
        .refusal(uri)
        .ifPresent(why -> problems.report(draft.uri().position(), draft.pathOf("to"), why));
    return new Step.To(uri, with(draft, draft.with(), reader));
  }

  Step value(StepDraft.Value draft, Reader reader) {
    return new Step.Value(templates.compile(draft.value(), draft.pathOf("value"), reader));
  }

  Step call(StepDraft.Call draft, Reader reader) {
    if (about.name().equals(Optional.of(draft.workflow()))) {
      problems.report(
          draft.position(),
          draft.pathOf("workflow"),
          "a workflow can't call itself: it would never end",
          "use \"forEach\" to do something many times, \"retry\" to try it again");
    }
    return new Step.Call(draft.workflow(), with(draft, draft.with(), reader));
  }

  Step approval(StepDraft.Approval draft, Reader reader) {
    Template message = templates.compile(draft.message(), draft.pathOf("message"), reader);
    return new Step.Approval(message, draft.timeout(), draft.onTimeout());
  }

  Step waitFor(StepDraft.WaitFor draft, Reader reader) {
    return new Step.WaitFor(templates.compile(draft.duration(), draft.pathOf("for"), reader));
  }

  Step waitUntil(StepDraft.WaitUntil draft) {
    if (about.triggerFields().filter(f -> f.stream().noneMatch(OF_ALERTS::contains)).isPresent()) {
      problems.report(
          draft.position(),
          draft.pathOf("until"),
          "no alert opens a run of this workflow, so that none can be resolved",
          "add an alert trigger, or wait for a time: { for: 10m }");
    }
    return new Step.WaitUntilResolved(draft.timeout());
  }

  private Template with(StepDraft draft, Optional<? extends YamlValue> with, Reader reader) {
    return with.isPresent()
        ? templates.compile(with.get(), draft.pathOf("with"), reader)
        : new Literal(Map.of());
  }
}
