package dev.drover.workflow;

import dev.drover.yaml.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the expressions of one workflow may read. Where a set is not known, it is not checked. */
final class ReadRules {
  private static final List<String> NODE_FIELDS = List.of("status", "output", "error");
  private static final List<String> RUN_FIELDS = List.of("id", "workflow", "version", "startedAt");
  private static final List<String> PROJECT_FIELDS = List.of("name");

  private final Set<String> nodes;
  private final Optional<Upstream> upstream;
  private final Set<String> inputs;
  private final Optional<Set<String>> triggerFields;

  ReadRules(
      Set<String> nodes,
      Optional<Upstream> upstream,
      Set<String> inputs,
      Optional<Set<String>> triggerFields) {
    this.nodes = nodes;
    this.upstream = upstream;
    this.inputs = inputs;
    this.triggerFields = triggerFields;
  }

  /** What is wrong with a read, and how to mend it (empty if there is nothing to say). */
  record Fault(String message, String hint) {}

  /** Judges a read by that reader. */
  Optional<Fault> judge(Read read, Reader reader) {
    if (!reader.roots().contains(read.root())) {
      return outOfSight(read.root(), reader);
    }
    return switch (read.root()) {
      case "nodes" -> node(read, reader);
      case "inputs" -> input(read);
      case "trigger" -> trigger(read);
      case "run" -> field(read, 0, RUN_FIELDS);
      case "project" -> field(read, 0, PROJECT_FIELDS);
      default -> Optional.empty(); // an item can be anything
    };
  }

  private static Optional<Fault> outOfSight(String root, Reader reader) {
    return fault(
        Quote.of(root) + " is not known here",
        CelLanguage.ITEM_ROOTS.contains(root)
            ? "only \"with\", \"value\" and \"undo\" of a node with \"forEach\" see it"
            : "there are: " + Quote.list(reader.roots()));
  }

  private Optional<Fault> node(Read read, Reader reader) {
    if (read.steps().isEmpty() || !(read.steps().get(0) instanceof String id)) {
      return fault(
          "a node must be named: nodes.<id> or nodes[\"<id>\"], not computed or all at once",
          "which nodes an expression reads must be known before the run");
    }
    if (!nodes.contains(id)) {
      return fault("unknown node " + Quote.of(id), suggest(id, nodes));
    }
    Optional<Fault> notUpstream =
        reader.node().flatMap(r -> notUpstream(id, r, reader.seesItself()));
    return notUpstream.isPresent() ? notUpstream : field(read, 1, NODE_FIELDS);
  }

  private Optional<Fault> notUpstream(String id, String reader, boolean seesItself) {
    if (id.equals(reader)) {
      return seesItself
          ? Optional.empty()
          : fault("node " + Quote.of(id) + " can't read itself", "only its \"undo\" can");
    } else if (upstream.isEmpty()
        || !upstream.get().knows(id)
        || upstream.get().isBefore(id, reader)) {
      return Optional.empty();
    }
    String message = "node " + Quote.of(id) + " is not upstream of " + Quote.of(reader);
    return upstream.get().isBefore(reader, id)
        ? fault(message, Quote.of(id) + " runs after " + Quote.of(reader))
        : fault(message, "add " + Quote.of(id) + " to dependsOn");
  }

  private Optional<Fault> input(Read read) {
    return read.steps().isEmpty()
            || !(read.steps().get(0) instanceof String name)
            || inputs.contains(name)
        ? Optional.empty()
        : fault("unknown input " + Quote.of(name), suggest(name, inputs));
  }

  private Optional<Fault> trigger(Read read) {
    if (triggerFields.isEmpty()
        || read.steps().isEmpty()
        || !(read.steps().get(0) instanceof String name)) {
      return Optional.empty();
    }
    if (TriggerData.FIELDS.containsKey(name)
        && !triggerFields.get().contains(name)
        && !read.isGuarded(0)) {
      return fault(
          "no run of this workflow has trigger." + name,
          "only " + TriggerData.filledBy(name) + " fills it");
    }
    Optional<Fault> unknown = field(read, 0, TriggerData.FIELDS.keySet());
    List<String> inner = TriggerData.FIELDS.getOrDefault(name, List.of());
    return unknown.isPresent() || inner.isEmpty() ? unknown : field(read, 1, inner);
  }

  private static Optional<Fault> field(Read read, int step, Collection<String> known) {
    return read.steps().size() <= step
            || !(read.steps().get(step) instanceof String name)
            || known.contains(name)
        ? Optional.empty()
        : fault("unknown field " + Quote.of(name) + " of " + read.path(step), suggest(name, known));
  }

  private static String suggest(String written, Collection<String> known) {
    return Suggestion.didYouMean(written, known)
        .orElseGet(() -> known.isEmpty() ? "there are none" : "there are: " + Quote.list(known));
  }

  private static Optional<Fault> fault(String message, String hint) {
    return Optional.of(new Fault(message, hint));
  }
}
