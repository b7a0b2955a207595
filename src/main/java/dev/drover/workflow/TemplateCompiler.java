package dev.drover.workflow;

import dev.drover.workflow.TemplateParts.Bounded;
import dev.drover.workflow.TemplateParts.Fields;
import dev.drover.workflow.TemplateParts.Items;
import dev.drover.workflow.TemplateParts.Literal;
import dev.drover.workflow.TemplateParts.Text;
import dev.drover.workflow.TemplateParts.Whole;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns values of a document into templates. What has a problem becomes a literal: it is reported,
 * and nothing of that document will run. The recursion is bounded by the depth of YAML documents.
 */
final class TemplateCompiler {
  private final Problems problems;
  private final ExpressionCompiler expressions;

  TemplateCompiler(Problems problems, ExpressionCompiler expressions) {
    this.problems = problems;
    this.expressions = expressions;
  }

  /** The template of a value at {@code path}. */
  Template compile(YamlValue value, String path, Reader reader) {
    Template template = part(value, path, reader);
    return template instanceof Fields || template instanceof Items
        ? new Bounded(path, template)
        : template;
  }

  /** The template of what must be a list: one as it stands, or one expression that gives it. */
  Template compileList(YamlValue value, String path, Reader reader) {
    if (value instanceof YamlScalar scalar && scalar.value() instanceof String text) {
      TemplateText parsed = TemplateText.of(text);
      if (parsed.unclosed().isPresent()) {
        return compile(value, path, reader); // which reports it
      } else if (parsed.parts().size() == 1 && parsed.parts().get(0).isExpression()) {
        TemplateText.Part part = parsed.parts().get(0);
        return expressions
            .compileList(new Place(scalar, part.start(), path), part.text(), reader)
            .<Template>map(Whole::new)
            .orElseGet(() -> new Literal(List.of()));
      }
    } else if (value instanceof YamlList) {
      return compile(value, path, reader);
    }
    problems.report(
        value.position(),
        path,
        "items must be a list, or one expression that gives one, not " + DocumentMap.typeOf(value),
        "write [a, b] or \"${{ ... }}\"");
    return new Literal(List.of());
  }

  private Template part(YamlValue value, String path, Reader reader) {
    if (value instanceof YamlScalar scalar) {
      return scalar.value() instanceof String text && TemplateText.hasExpression(text)
          ? text(scalar, text, path, reader)
          : new Literal(scalar.value());
    } else if (value instanceof YamlList list) {
      return items(list, path, reader);
    }
    return fields((YamlMap) value, path, reader);
  }

  private Template items(YamlList list, String path, Reader reader) {
    List<Template> items = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (YamlValue item : list.items()) {
      Template template = part(item, path + "[" + items.size() + "]", reader);
      items.add(template);
      if (template instanceof Literal literal) {
        values.add(literal.value());
      }
    }
    return values.size() == items.size()
        ? new Literal(Collections.unmodifiableList(values))
        : new Items(items);
  }

  private Template fields(YamlMap map, String path, Reader reader) {
    Map<String, Template> fields = new LinkedHashMap<>();
    Map<String, Object> values = new LinkedHashMap<>();
    map.entries()
        .forEach(
            (key, entry) -> {
              Template template = part(entry.value(), path + "." + key, reader);
              fields.put(key, template);
              if (template instanceof Literal literal) {
                values.put(key, literal.value());
              }
            });
    return values.size() == fields.size()
        ? new Literal(Collections.unmodifiableMap(values))
        : new Fields(fields);
  }

  private Template text(YamlScalar scalar, String text, String path, Reader reader) {
    TemplateText parsed = TemplateText.of(text);
    parsed
        .unclosed()
        .ifPresent(
            index ->
                new Place(scalar, 0, path)
                    .report(problems, index, "\"${{\" is never closed", "close it with \"}}\""));
    List<Object> parts = new ArrayList<>();
    for (TemplateText.Part part : parsed.parts()) {
      if (part.isExpression()) {
        Place place = new Place(scalar, part.start(), path);
        expressions.compile(place, part.text(), reader).ifPresent(parts::add);
      } else {
        parts.add(part.text());
      }
    }
    return parts.size() == 1 && parts.get(0) instanceof Expression whole
        ? new Whole(whole)
        : new Text(path, parts);
  }
}
