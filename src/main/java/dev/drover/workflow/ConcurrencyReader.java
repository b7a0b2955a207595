package dev.drover.workflow;

import dev.drover.workflow.Concurrency.Overflow;
import dev.drover.workflow.TemplateParts.Literal;
import java.util.Optional;

/** Reads how many runs of a workflow go on at the same time. */
final class ConcurrencyReader {
  private final Problems problems;
  private final TemplateCompiler templates;

  ConcurrencyReader(Problems problems, TemplateCompiler templates) {
    this.problems = problems;
    this.templates = templates;
  }

  Optional<Concurrency> read(DocumentMap workflow) {
    String path = workflow.path("concurrency");
    return workflow
        .get("concurrency")
        .flatMap(value -> DocumentMap.of(problems, Grammar.CONCURRENCY, value, path))
        .map(this::concurrency);
  }

  private Concurrency concurrency(DocumentMap map) {
    Optional<Template> key =
        map.text("key")
            .map(text -> templates.compile(text, map.path("key"), Reader.BEFORE_THE_RUN));
    return new Concurrency(
        key.orElseGet(() -> new Literal("")),
        map.integer("limit", 1, Concurrency.MAX_LIMIT).orElse(1),
        map.word("overflow", Overflow.class).orElse(Overflow.QUEUE));
  }
}
