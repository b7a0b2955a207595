package dev.drover.agent.dagger;

import dev.drover.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One GraphQL query: a chain of fields, and what is selected at its end. Values travel as
 * variables, never in the text; ids alone are written as literals, since their type has another
 * name in older versions of Dagger.
 */
final class Query {
  private final StringBuilder declarations = new StringBuilder();
  private final StringBuilder chain = new StringBuilder();
  private final Map<String, Object> variables = new LinkedHashMap<>();
  private final List<String> path = new ArrayList<>();
  private final List<String> selected = new ArrayList<>();

  /** An argument of a field. */
  sealed interface Argument {
    String name();

    /** A string that travels as a variable. */
    record Text(String name, String value) implements Argument {}

    /** A list of strings that travels as a variable. */
    record Texts(String name, List<String> value) implements Argument {}

    /** An id that the engine gave. */
    record Id(String name, String value) implements Argument {}

    /** A boolean or a constant of an enumeration, as it stands in the schema. */
    record Constant(String name, String value) implements Argument {}
  }

  static Argument text(String name, String value) {
    return new Argument.Text(name, value);
  }

  static Argument texts(String name, List<String> value) {
    return new Argument.Texts(name, List.copyOf(value));
  }

  static Argument id(String name, String value) {
    return new Argument.Id(name, value);
  }

  static Argument constant(String name, String value) {
    return new Argument.Constant(name, value);
  }

  /** Goes on with a field of an object. */
  Query enter(String field, Argument... arguments) {
    chain.append('{').append(call(field, arguments));
    path.add(field);
    return this;
  }

  /** Selects a plain field of the object that was reached. */
  Query select(String field, Argument... arguments) {
    selected.add(call(field, arguments));
    return this;
  }

  /** Selects the id of an object behind the one that was reached. */
  Query selectId(String alias, String field, Argument... arguments) {
    selected.add(alias + ":" + call(field, arguments) + "{id}");
    return this;
  }

  private String call(String field, Argument... arguments) {
    if (arguments.length == 0) {
      return field;
    }
    List<String> written = new ArrayList<>();
    for (Argument argument : arguments) {
      written.add(argument.name() + ":" + value(argument));
    }
    return field + "(" + String.join(",", written) + ")";
  }

  private String value(Argument argument) {
    if (argument instanceof Argument.Text text) {
      return variable("String!", text.value());
    } else if (argument instanceof Argument.Texts texts) {
      return variable("[String!]!", texts.value());
    } else if (argument instanceof Argument.Id id) {
      return Json.print(id.value());
    }
    return ((Argument.Constant) argument).value();
  }

  private String variable(String type, Object value) {
    String name = "v" + variables.size();
    variables.put(name, value);
    declarations.append(declarations.isEmpty() ? "" : ",").append('$').append(name);
    declarations.append(':').append(type);
    return "$" + name;
  }

  /** The text, without any value. */
  String text() {
    String declared = declarations.isEmpty() ? "" : "(" + declarations + ")";
    return "query"
        + declared
        + chain
        + "{"
        + String.join(" ", selected)
        + "}"
        + "}".repeat(path.size());
  }

  /** The body of the request. */
  String body() {
    return Json.print(Map.of("query", text(), "variables", variables));
  }

  /** The object that was reached, in the data of an answer; empty if a part of the way is null. */
  Optional<Map<String, Object>> reached(Map<String, Object> data) {
    @Nullable Object at = data;
    for (String field : path) {
      at = at instanceof Map<?, ?> map ? map.get(field) : null;
    }
    return at instanceof Map ? Optional.of(Json.asObject(at)) : Optional.empty();
  }
}
