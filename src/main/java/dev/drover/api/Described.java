package dev.drover.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.model.rest.ParamDefinition;
import org.apache.camel.model.rest.ResponseMessageDefinition;
import org.apache.camel.model.rest.RestParamType;

/** Parameters, bodies and answers in the words of the OpenAPI document. */
final class Described {
  static final String JSON = "application/json";
  static final String PAGE = "A page: items, and next (null on the last page)";

  private Described() {}

  /** The query parameter that every operation takes. */
  static ParamDefinition project() {
    return query("project", "The project that the request concerns").defaultValue("default");
  }

  static ParamDefinition query(String name, String description) {
    return param(RestParamType.query, name, description).required(false);
  }

  static ParamDefinition path(String name, String description) {
    return param(RestParamType.path, name, description).required(true);
  }

  static ParamDefinition oneOf(String name, String description, String... words) {
    return query(name, description).allowableValues(words);
  }

  static String[] names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toArray(String[]::new);
  }

  /** What leads from page to page. */
  static List<ParamDefinition> page(int usual, int most) {
    return List.of(
        query("limit", "Items on the page, at most " + most)
            .dataType("integer")
            .defaultValue(String.valueOf(usual)),
        query("after", "The \"next\" of the page before"));
  }

  static ParamDefinition json(String description, boolean required, String example) {
    return param(RestParamType.body, "body", description).required(required).example(JSON, example);
  }

  static ParamDefinition yaml(String description, String example) {
    return param(RestParamType.body, "body", description)
        .required(true)
        .example("application/yaml", example);
  }

  /** Codes and their meanings by turns; what any request can get is added. */
  static List<ResponseMessageDefinition> answers(String... codesAndMeanings) {
    List<ResponseMessageDefinition> all = new ArrayList<>();
    for (int i = 0; i < codesAndMeanings.length; i += 2) {
      all.add(answer(codesAndMeanings[i], codesAndMeanings[i + 1]));
    }
    all.add(answer("401", "No credential, or a wrong one (where authentication is on)"));
    all.add(answer("403", "A credential of another project"));
    if (all.stream().noneMatch(a -> a.getCode().equals("404"))) {
      all.add(answer("404", "No such project"));
    }
    all.add(answer("503", "Starting, overloaded, or without its database: try again"));
    all.sort(Comparator.comparing(ResponseMessageDefinition::getCode));
    return all;
  }

  /** The answers of the alert webhooks. */
  static List<ResponseMessageDefinition> intake() {
    return answers(
        "200", "Stored; there is nothing to do",
        "202",
            "Stored, and runs were opened; or spooled, to be stored later: delivery, outcomes, runs, refused",
        "400", "Not one JSON object with an array alerts, or more alerts than can be taken",
        "413", "The body is too large",
        "415", "Not sent as JSON");
  }

  private static ParamDefinition param(RestParamType type, String name, String description) {
    return new ParamDefinition().type(type).name(name).description(description);
  }

  private static ResponseMessageDefinition answer(String code, String meaning) {
    return new ResponseMessageDefinition().code(code).message(meaning);
  }
}
