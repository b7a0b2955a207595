package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.workflow.NodeDraft.Dependency;
import dev.drover.yaml.DurationText;
import dev.drover.yaml.Position;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the nodes, each by itself. */
final class NodesReader {
  private final Problems problems;

  NodesReader(Problems problems) {
    this.problems = problems;
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
                  DocumentMap.of(problems, Grammar.NODE, entry.value(), path + "." + id)
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
    String kind =
        Stream.of("agent", "to", "value")
            .filter(k -> node.get(k).isPresent())
            .findFirst()
            .orElse("");
    // Everything is read, also of a node that can't be used, because reading is what reports.
    NodeDraft draft =
        new NodeDraft(
            new NodeId(named ? id : "unnamed"),
            path,
            dependsOn(node),
            runIf(node),
            when(node),
            kind,
            subject(node, kind),
            with(node, kind),
            timeout(node),
            node.flag("continueOnError").orElse(false));
    return named && draft.subject().isPresent() ? Optional.of(draft) : Optional.empty();
  }

  private static Optional<? extends YamlValue> subject(DocumentMap node, String kind) {
    return kind.isEmpty()
        ? Optional.empty()
        : kind.equals("value") ? node.get(kind) : node.text(kind);
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

  private Optional<Duration> timeout(DocumentMap node) {
    YamlScalar text = node.text("timeout", DurationText.RULE).orElse(null);
    if (text == null) {
      return Optional.empty();
    }
    Optional<Duration> duration = DurationText.parse(text.raw()).filter(d -> !d.isZero());
    if (duration.isEmpty()) {
      problems.report(
          text.position(),
          node.path("timeout"),
          "not a duration above zero: " + Quote.of(text.raw()),
          DurationText.RULE);
    }
    return duration;
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

  private Optional<YamlValue> with(DocumentMap node, String kind) {
    Optional<YamlValue> with = node.get("with");
    if (kind.equals("value") && with.isPresent()) {
      problems.report(
          node.keyPosition("with"),
          node.path("with"),
          "\"with\" belongs to \"agent\" and \"to\"",
          "write the expressions in \"value\" itself");
      return Optional.empty();
    }
    return kind.equals("agent") ? node.map("with").map(YamlValue.class::cast) : with;
  }
}
