package dev.drover.telemetry;

import dev.drover.run.Attempted;
import dev.drover.run.Failure;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.NodeState;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import dev.drover.run.RunTrace;
import dev.drover.run.SpanIds;
import dev.drover.run.TraceParent;
import dev.drover.run.Wait;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes spans of what happens to runs: each is told when the event is, which is when it is durable.
 * What follows, the metrics, hears of the event in the context of its span.
 */
final class RunTraces implements RunListener {
  private static final Logger LOG = LoggerFactory.getLogger(RunTraces.class);
  static final AttributeKey<String> PROJECT = AttributeKey.stringKey("drover.project");
  private static final AttributeKey<String> WORKFLOW = AttributeKey.stringKey("drover.workflow");
  private static final AttributeKey<Long> VERSION = AttributeKey.longKey("drover.workflow.version");
  private static final AttributeKey<String> RUN = AttributeKey.stringKey("drover.run");
  private static final AttributeKey<String> NODE = AttributeKey.stringKey("drover.node");
  private static final AttributeKey<String> ITEM = AttributeKey.stringKey("drover.item");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("drover.attempt");
  private static final AttributeKey<String> AGENT = AttributeKey.stringKey("drover.agent");
  private static final AttributeKey<String> RUNTIME = AttributeKey.stringKey("drover.runtime");
  private static final AttributeKey<String> STATE = AttributeKey.stringKey("drover.state");
  private static final AttributeKey<String> WAIT = AttributeKey.stringKey("drover.wait");
  private static final AttributeKey<String> CHILD = AttributeKey.stringKey("drover.child.run");
  private static final AttributeKey<Long> EPOCH = AttributeKey.longKey("drover.epoch");
  private static final AttributeKey<String> TAKE_UP = AttributeKey.stringKey("drover.take_up");

  private final PastSpans spans;
  private final RunListener next;

  RunTraces(PastSpans spans, RunListener next) {
    this.spans = spans;
    this.next = next;
  }

  @Override
  public void on(RunEvent event) {
    Optional<TraceParent> place = guarded(event);
    Context context = place.map(PastSpans::at).orElseGet(Context::root);
    context.wrap(() -> next.on(event)).run();
  }

  /** A span that can't be made costs nobody else the event. */
  private Optional<TraceParent> guarded(RunEvent event) {
    try {
      return tell(event);
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("A span could not be made");
      return Optional.empty();
    }
  }

  /** Tells of what is over; gives the place that the event is about. */
  private Optional<TraceParent> tell(RunEvent event) {
    if (event instanceof RunEvent.TakenUp takenUp) {
      return takenUp.run().traced().map(trace -> tell(takenUp, trace));
    } else if (event instanceof RunEvent.Waiting waiting) {
      return waiting.run().trace(waiting.node());
    } else if (event instanceof RunEvent.WaitEnded waited) {
      return waited.run().traced().map(trace -> tell(waited, trace));
    } else if (event instanceof RunEvent.AttemptEnded ended) {
      return ended.attempt().place().flatMap(place -> tell(ended.attempt(), place));
    } else if (event instanceof RunEvent.CallEnded ended) {
      return tell(ended);
    } else if (event instanceof RunEvent.NodeSettled settled) {
      return settled.run().traced().map(trace -> tell(settled, trace));
    } else if (event instanceof RunEvent.Ended ended) {
      return ended.run().traced().map(trace -> tell(ended, trace));
    } else if (event instanceof RunEvent.Opened opened) {
      return opened.run().trace();
    } else if (event instanceof RunEvent.BudgetRefused refused) {
      return refused.run().trace(refused.node());
    }
    RunEvent.Remediated remediated = (RunEvent.Remediated) event; // the last of a closed set
    return remediated.run().trace(remediated.node());
  }

  /** Going on is told of; to begin is what the run's own span does. */
  private TraceParent tell(RunEvent.TakenUp event, RunTrace trace) {
    RunEvent.Subject run = event.run();
    if (event.how() != RunEvent.TakeUp.BEGUN) {
      List<TraceParent> continued =
          event.interrupted().stream()
              .flatMap(cut -> run.trace(cut.node(), cut.number()).stream())
              .toList();
      spans.tell(
          new PastSpan(
              "resume",
              trace.place().withSpan(SpanIds.takeUp(run.run(), event.epoch())),
              Optional.of(trace.place().spanId()),
              continued.isEmpty() ? List.of(trace.place()) : continued,
              of(run).put(EPOCH, (long) event.epoch()).put(TAKE_UP, word(event.how())).build(),
              Optional.empty(),
              event.at(),
              event.at()));
    }
    return trace.place();
  }

  private TraceParent tell(RunEvent.WaitEnded event, RunTrace trace) {
    RunEvent.Subject run = event.run();
    AttributesBuilder attributes = of(run, event.node()).put(WAIT, event.what().kind());
    Optional<TraceParent> child = Optional.empty();
    if (event.what() instanceof Wait.Child wait) {
      attributes.put(CHILD, wait.run().toString());
      child = Optional.of(first(wait.run(), trace.place().sampled()));
    }
    String node = SpanIds.node(run.run(), event.node());
    TraceParent place = trace.place().withSpan(SpanIds.wait(run.run(), event.node(), event.what()));
    spans.tell(
        new PastSpan(
            "wait " + (event.what() instanceof Wait.Child ? "workflow" : event.what().kind()),
            place,
            Optional.of(node),
            child.stream().toList(),
            attributes.build(),
            Optional.empty(),
            event.since(),
            event.at()));
    return place;
  }

  /** Where a sub-workflow's run is: its ids can be computed. */
  private static TraceParent first(RunId run, boolean sampled) {
    return RunTrace.own(run, sampled, Optional.empty()).place();
  }

  private Optional<TraceParent> tell(Attempted attempt, Attempted.Place at) {
    AttributesBuilder attributes =
        of(at).put(AGENT, attempt.agent()).put(RUNTIME, attempt.runtime());
    return tell(
        "agent " + attempt.agent(),
        at,
        attempt.state(),
        attempt.failure(),
        attributes,
        attempt.times());
  }

  private Optional<TraceParent> tell(RunEvent.CallEnded call) {
    AttributesBuilder attributes = of(call.place()).put(RUNTIME, "camel");
    String name = "call " + call.place().node().node();
    return tell(name, call.place(), call.state(), call.failure(), attributes, call.times());
  }

  private Optional<TraceParent> tell(
      String name,
      Attempted.Place at,
      NodeState state,
      Optional<Failure> failure,
      AttributesBuilder attributes,
      Attempted.Times times) {
    RunEvent.Subject run = at.run();
    Optional<TraceParent> place = run.trace(at.node(), at.number());
    List<TraceParent> before =
        at.number() > 1 ? run.trace(at.node(), at.number() - 1).stream().toList() : List.of();
    place.ifPresent(
        own ->
            spans.tell(
                new PastSpan(
                    name,
                    own,
                    Optional.of(SpanIds.node(run.run(), at.node())),
                    before,
                    attributes.put(STATE, word(state)).build(),
                    failure.map(Failure::type),
                    times.startedAt(),
                    times.endedAt())));
    return place;
  }

  /** An item is beneath its node; what undoes either is beneath the run, with a link. */
  private TraceParent tell(RunEvent.NodeSettled event, RunTrace trace) {
    RunEvent.Subject run = event.run();
    NodeItem node = event.node();
    boolean isItem = !node.isWhole() && !node.isUndo();
    TraceParent place = trace.place().withSpan(SpanIds.node(run.run(), node));
    spans.tell(
        new PastSpan(
            (node.isUndo() ? "undo " : isItem ? "item " : "node ") + node.node(),
            place,
            Optional.of(
                isItem
                    ? SpanIds.node(run.run(), NodeItem.of(node.node()))
                    : trace.place().spanId()),
            node.isUndo()
                ? List.of(trace.place().withSpan(SpanIds.node(run.run(), node.undone())))
                : List.of(),
            of(run, node).put(STATE, word(event.outcome().state())).build(),
            event.outcome() instanceof NodeOutcome.Failed failed
                ? Optional.of(failed.failure().type())
                : Optional.empty(),
            event.startedAt(),
            event.endedAt()));
    return place;
  }

  private TraceParent tell(RunEvent.Ended event, RunTrace trace) {
    boolean failed = event.state() == RunState.FAILED || event.state() == RunState.TIMED_OUT;
    spans.tell(
        new PastSpan(
            "run " + event.run().version().workflow(),
            trace.place(),
            trace.parentSpan(),
            trace.link().stream().toList(),
            of(event.run()).put(STATE, word(event.state())).build(),
            failed ? Optional.of(event.state().name()) : Optional.empty(),
            event.startedAt(),
            event.endedAt()));
    return trace.place();
  }

  private static AttributesBuilder of(Attempted.Place at) {
    return of(at.run(), at.node()).put(ATTEMPT, (long) at.number());
  }

  private static AttributesBuilder of(RunEvent.Subject run, NodeItem node) {
    AttributesBuilder attributes = of(run).put(NODE, node.node().value());
    return node.isWhole() ? attributes : attributes.put(ITEM, node.item());
  }

  private static AttributesBuilder of(RunEvent.Subject run) {
    return Attributes.builder()
        .put(PROJECT, run.version().project().value())
        .put(WORKFLOW, run.version().workflow().value())
        .put(VERSION, (long) run.version().version())
        .put(RUN, run.run().toString());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
