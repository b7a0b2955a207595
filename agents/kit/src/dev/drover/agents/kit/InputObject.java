package dev.drover.agents.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A JSON object of the input, read strictly: every refusal says the path of the member and what
 * belongs there.
 */
public final class InputObject {

  private static final int NAME_SHOWN = 40;

  private final JsonNode json;
  private final String path;

  private InputObject(JsonNode json, String path) {
    this.json = json;
    this.path = path;
  }

  /** The whole input. */
  public static InputObject of(JsonNode json) throws BadInput {
    if (!json.isObject()) {
      throw new BadInput("the input must be a JSON object");
    }
    return new InputObject(json, "");
  }

  /** An object; an empty one if the member is absent. */
  public InputObject member(String name) throws BadInput {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return new InputObject(JsonNodeFactory.instance.objectNode(), at(name) + ".");
    }
    require(value.isObject(), name, "must be an object");
    return new InputObject(value, at(name) + ".");
  }

  /** The objects of a list; none if the member is absent. */
  public List<InputObject> members(String name) throws BadInput {
    JsonNode values = json.path(name);
    require(values.isMissingNode() || values.isArray(), name, "must be a list of objects");
    List<InputObject> members = new ArrayList<>();
    for (JsonNode value : values) {
      require(value.isObject(), name, "must be a list of objects");
      members.add(new InputObject(value, at(name) + "[" + members.size() + "]."));
    }
    return members;
  }

  /** Whether there is such a member, whatever it holds. */
  public boolean has(String name) {
    return json.has(name);
  }

  /**
   * Refuses members that are not in the set, so that a typing error is not silently a lost setting.
   */
  public void allowOnly(Set<String> names, String forWhat) throws BadInput {
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      String name = member.getKey();
      if (!names.contains(name)) {
        throw new BadInput(
            "unknown field \""
                + PlainText.cut(PlainText.oneLine(at(name)), NAME_SHOWN)
                + "\" for "
                + forWhat
                + "; known are "
                + String.join(", ", new TreeSet<>(names)));
      }
    }
  }

  /** A string with something in it. */
  public String text(String name) throws BadInput {
    return optionalText(name)
        .orElseThrow(() -> new BadInput(at(name) + " is missing: give a non-empty string"));
  }

  /** Absent when the member is; an empty string is refused. */
  public Optional<String> optionalText(String name) throws BadInput {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    require(value.isTextual() && !value.textValue().isBlank(), name, "must be a non-empty string");
    return Optional.of(value.textValue());
  }

  /** A string; empty if the member is absent. */
  public String textOrEmpty(String name) throws BadInput {
    JsonNode value = json.path(name);
    require(value.isMissingNode() || value.isTextual(), name, "must be a string");
    return value.asText("");
  }

  /** A whole number within the bounds; the standard if the member is absent. */
  public int integer(String name, int standard, int least, int most) throws BadInput {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return standard;
    }
    boolean fits =
        value.isNumber()
            && value.canConvertToExactIntegral()
            && value.canConvertToInt()
            && value.intValue() >= least
            && value.intValue() <= most;
    require(fits, name, "must be an integer from " + least + " to " + most);
    return value.intValue();
  }

  /** True or false; the standard if the member is absent. */
  public boolean flag(String name, boolean standard) throws BadInput {
    JsonNode value = json.path(name);
    require(value.isMissingNode() || value.isBoolean(), name, "must be true or false");
    return value.asBoolean(standard);
  }

  /** Strings; none if the member is absent. */
  public List<String> texts(String name) throws BadInput {
    JsonNode values = json.path(name);
    require(values.isMissingNode() || values.isArray(), name, "must be a list of strings");
    List<String> texts = new ArrayList<>();
    for (JsonNode value : values) {
      require(value.isTextual(), name, "must be a list of strings");
      texts.add(value.textValue());
    }
    return texts;
  }

  /** An object of plain values; empty if the member is absent. */
  public Map<String, JsonNode> scalars(String name) throws BadInput {
    Map<String, JsonNode> scalars = new LinkedHashMap<>();
    InputObject member = member(name);
    for (Map.Entry<String, JsonNode> entry : member.json.properties()) {
      JsonNode value = entry.getValue();
      require(
          value.isTextual() || value.isNumber() || value.isBoolean(),
          name,
          "must hold strings, numbers and booleans only");
      scalars.put(entry.getKey(), value);
    }
    return scalars;
  }

  private void require(boolean holds, String name, String rule) throws BadInput {
    if (!holds) {
      throw new BadInput(at(name) + " " + rule);
    }
  }

  private String at(String name) {
    return path + name;
  }
}
