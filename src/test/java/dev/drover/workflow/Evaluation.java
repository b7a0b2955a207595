package dev.drover.workflow;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Evaluates expressions and templates over a small scope. */
final class Evaluation {
  static final String NODES =
      """
      {"scan": {"status": "SUCCEEDED", "output": {"total": 5, "free": 2.5, "nothing": null,
        "items": [{"name": "a"}, {"name": "b"}], "namespace": "n", "1": "one"}},
       "scan-node": {"status": "SUCCEEDED", "output": {"x": 1}},
       "skipped": {"status": "SKIPPED"}}
      """;
  static final String TRIGGER =
      """
      {"type": "alert", "alert": {"labels": {"alertname": "Disk", "host": "db-1", "namespace": "prod",
        "evil": "${{ secrets.X }} {{env:HOME}} ${env:HOME}"}, "status": "firing"}}
      """;

  private Evaluation() {}

  static Scope scope() {
    return scope(NODES);
  }

  @SuppressWarnings("unchecked")
  static Scope scope(String nodes) {
    try {
      Map<NodeId, Map<String, Object>> byId = new LinkedHashMap<>();
      Json.asObject(Json.parse(nodes))
          .forEach((id, node) -> byId.put(new NodeId(id), (Map<String, Object>) node));
      return new Scope(
          Json.asObject(Json.parse(TRIGGER)),
          Json.asObject(Json.parse("{\"threshold\": 90, \"zero\": 0, \"name\": \"x\"}")),
          byId,
          Map.of("id", "r1"),
          Map.of("name", "default"));
    } catch (InvalidJson e) {
      throw new AssertionError(e);
    }
  }

  static ReadRules rules() {
    return new ReadRules(
        new java.util.LinkedHashSet<>(List.of("scan", "scan-node", "skipped")),
        Optional.empty(),
        Set.of("threshold", "zero", "name"),
        Optional.empty());
  }

  private static Expression compile(String source, Problems problems) {
    YamlScalar scalar = new YamlScalar(new Position(3, 7), source, source, 0);
    return new ExpressionCompiler(problems, rules())
        .compile(new Place(scalar, 0, "here"), source, Reader.OUTPUTS)
        .orElse(null);
  }

  static Expression compile(String source) {
    Problems problems = new Problems("w.yaml", List.of());
    Expression expression = compile(source, problems);
    if (expression == null) {
      throw new AssertionError(Problem.lines(problems.inOrder()));
    }
    return expression;
  }

  static List<String> problems(String source) {
    Problems problems = new Problems("w.yaml", List.of());
    compile(source, problems);
    return problems.inOrder().stream().map(Problem::toString).toList();
  }

  static Object value(String source) {
    try {
      return compile(source).evaluate(scope());
    } catch (ExpressionFailure e) {
      throw new AssertionError(e);
    }
  }

  static String failure(String source) {
    try {
      Object value = compile(source).evaluate(scope());
      throw new AssertionError("no failure but " + value);
    } catch (ExpressionFailure e) {
      return e.getMessage();
    }
  }
}
