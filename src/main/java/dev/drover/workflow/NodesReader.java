package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.workflow.NodeDraft.Dependency;
import dev.drover.workflow.NodeDraft.Items;
import dev.drover.workflow.NodeDraft.Undoing;
import dev.drover.yaml.Position;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the nodes, each by itself. */
final class NodesReader {
  private final Problems problems;
  private final NodeRules rules;
  private final StepReader steps;
  private final RetryReader retries;

  NodesReader(Problems problems) {
    this.problems = problems;
    this.rules = new NodeRules(problems);
    this.steps = new StepReader(problems);
    this.retries = new RetryReader(problems);
  }

  /** The nodes that can be read; what is wrong with the others was reported. */
  List<NodeDraft> read(YamlMap map, Position at, String path) {
    List<NodeDraft> drafts = new ArrayList<>();
    if (map.entries().isEmpty()) {
      problems.report(at, path, "a workflow needs at least one node");
    } else if (map.entries().size() > Grammar.MAX_NODES) {
      problems.report(
          at,
          path,
          "a workflow has at most %d nodes, not %d"
              .formatted(Grammar.MAX_NODES, map.entries().size()));
    } else {
      map.entries()
          .forEach(
              (id, entry) ->
                  DocumentMap.of(problems, NodeGrammar.NODE, entry.value(), path + "." + id)
                      .flatMap(node -> one(id, entry.keyPosition(), path + "." + id, node))
                      .ifPresent(drafts::add));
    }
    return drafts;
  }

  private Optional<NodeDraft> one(String id, Position at, String path, DocumentMap node) {
    boolean named = NodeId.isValid(id);
    if (!named) {
      problems.report(at, path, "not a node's id: " + Quote.of(id), NodeId.RULE);
    }
    // Everything is read, also of a node that can't be used, because reading is what reports.
    rules.check(node, node.kind().orElse(""));
    Optional<StepDraft> step = steps.read(node);
    NodeDraft draft =
        new NodeDraft(
            new NodeId(named ? id : "unnamed"),
            path,
            dependsOn(node),
            runIf(node),
            when(node),
            step,
            node.duration("timeout"),
            node.flag("continueOnError").orElse(false),
            retries.read(node),
            forEach(node),
            undo(node));
    return named && step.isPresent() ? Optional.of(draft) : Optional.empty();
  }

  private Optional<Items> forEach(DocumentMap node) {
    int parallel =
        node.integer("maxParallel", 1, ForEach.MAX_PARALLEL).orElse(ForEach.DEFAULT_PARALLEL);
    Optional<YamlValue> items = node.get("forEach");
    if (items.isPresent()
        && items.get() instanceof YamlList list
        && list.items().size() > ForEach.MAX_ITEMS) {
      problems.report(list.position(), node.path("forEach"), ForEach.tooMany(list.items().size()));
    }
    return items.map(list -> new Items(list, parallel));
  }

  private Optional<Undoing> undo(DocumentMap node) {
    return node.get("undo")
        .flatMap(v -> DocumentMap.of(problems, NodeGrammar.UNDO, v, node.path("undo")))
        .flatMap(
            undo -> {
              Optional<Duration> timeout = undo.duration("timeout");
              return steps.read(undo).map(step -> new Undoing(step, timeout));
            });
  }

  private List<Dependency> dependsOn(DocumentMap node) {
    List<Dependency> dependencies = new ArrayList<>();
    List<YamlValue> items = node.list("dependsOn").map(l -> l.items()).orElse(List.of());
    for (int i = 0; i < items.size(); i++) {
      YamlValue item = items.get(i);
      String path = node.path("dependsOn") + "[" + i + "]";
      if (item instanceof YamlScalar scalar && scalar.value() instanceof String id) {
        dependencies.add(new Dependency(id, item.position(), path));
      } else {
        problems.report(
            item.position(), path, "a node's id is text, not " + DocumentMap.typeOf(item));
      }
    }
    return dependencies;
  }

  private RunIf runIf(DocumentMap node) {
    YamlScalar word = node.text("runIf").orElse(null);
    if (word == null) {
      return RunIf.ALL_SUCCEEDED;
    }
    Optional<RunIf> rule = RunIf.of(word.raw());
    if (rule.isEmpty()) {
      problems.report(
          word.position(),
          node.path("runIf"),
          "unknown rule " + Quote.of(word.raw()) + " in runIf",
          Suggestion.didYouMean(word.raw(), RunIf.words())
              .orElse("there are: " + Quote.list(RunIf.words())));
    }
    return rule.orElse(RunIf.ALL_SUCCEEDED);
  }

  private Optional<YamlScalar> when(DocumentMap node) {
    Optional<YamlValue> value = node.get("when");
    if (value.isPresent()
        && value.get() instanceof YamlScalar scalar
        && (scalar.value() instanceof Boolean || scalar.value() instanceof String)) {
      return Optional.of(scalar);
    }
    value.ifPresent(
        v ->
            problems.report(
                v.position(),
                node.path("when"),
                "\"when\" must be a CEL expression, not " + DocumentMap.typeOf(v)));
    return Optional.empty();
  }
}
