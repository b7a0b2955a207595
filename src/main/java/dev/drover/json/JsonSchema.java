package dev.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.re2j.Pattern;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.resource.InputStreamSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A compiled JSON Schema (draft 2020-12). References to other documents are not followed: a schema
 * comes from a manifest or a workflow and must be whole in itself. Its patterns are RE2 expressions
 * (linear time), because the texts that they are matched with come from outside.
 */
public final class JsonSchema {
  private static final Set<String> CONDITIONS =
      Set.of("anyOf", "oneOf", "not", "if", "then", "else", "contains", "dependentSchemas");
  private static final int MAX_FAULTS = 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V202012,
          builder -> builder.schemaLoaders(loaders -> loaders.add(JsonSchema::load)));
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          .pathType(PathType.JSON_PATH)
          .typeLoose(false)
          .regularExpressionFactory(JsonSchema::linearTimePattern)
          .build();
  private static final com.networknt.schema.JsonSchema META =
      FACTORY.getSchema(
          SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"),
          SchemaValidatorsConfig.builder().pathType(PathType.JSON_PATH).build());

  private final Map<String, Object> source;
  private final com.networknt.schema.JsonSchema compiled;

  private JsonSchema(Map<String, Object> source, com.networknt.schema.JsonSchema compiled) {
    this.source = source;
    this.compiled = compiled;
  }

  /**
   * What is wrong with a value.
   *
   * @param location the keys (String) and indices (Integer) that lead to the faulty part
   * @param keyword the keyword of the schema that the part breaks, such as {@code required}
   * @param property the property that is missing or not allowed, for keywords that name one
   * @param conditional whether the keyword stands under a condition such as {@code anyOf}
   * @param message what is wrong, without the location
   */
  public record Fault(
      List<Object> location,
      String keyword,
      Optional<String> property,
      boolean conditional,
      String message) {
    public Fault {
      location = List.copyOf(location);
    }
  }

  /**
   * Compiles a schema.
   *
   * @throws IllegalArgumentException if it is not a valid schema; the message says where and why
   */
  public static JsonSchema of(Map<String, Object> source) {
    JsonNode node = MAPPER.valueToTree(source);
    List<String> faults = messages(META.validate(node));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("not a JSON Schema: " + String.join("; ", faults));
    }
    SchemaReferences.check(source);
    try {
      var compiled = FACTORY.getSchema(node, CONFIG);
      compiled.initializeValidators();
      return new JsonSchema(source, compiled);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not a JSON Schema: " + e.getMessage(), e);
    }
  }

  /** The schema as it was written. */
  public Map<String, Object> source() {
    return source;
  }

  /** What is wrong with the value, each with its path ({@code $.a.b}); empty if it conforms. */
  public List<String> validate(@Nullable Object value) {
    return messages(compiled.validate(MAPPER.valueToTree(value)));
  }

  /** The same as {@link #validate}, in parts: for who knows where the parts of the value stand. */
  public List<Fault> faults(@Nullable Object value) {
    return compiled.validate(MAPPER.valueToTree(value)).stream()
        .limit(MAX_FAULTS)
        .map(JsonSchema::fault)
        .distinct()
        .toList();
  }

  private static Fault fault(ValidationMessage found) {
    String at = found.getInstanceLocation() + ": ";
    String message = found.getMessage();
    return new Fault(
        elements(found.getInstanceLocation()),
        found.getType(),
        Optional.ofNullable(found.getProperty()),
        elements(found.getEvaluationPath()).stream().anyMatch(CONDITIONS::contains),
        message.startsWith(at) ? message.substring(at.length()) : message);
  }

  private static List<Object> elements(JsonNodePath path) {
    return new ArrayList<>(
        IntStream.range(0, path.getNameCount()).mapToObj(path::getElement).toList());
  }

  private static List<String> messages(Set<ValidationMessage> found) {
    return found.stream().map(ValidationMessage::getMessage).distinct().limit(MAX_FAULTS).toList();
  }

  /** Only the drafts themselves may be loaded, which are in the library. */
  private static @Nullable InputStreamSource load(AbsoluteIri iri) {
    if (iri.toString().startsWith("classpath:draft/")) {
      return null; // the next loader, the library's own, has it
    }
    throw new IllegalArgumentException("a schema may not refer to another document: " + iri);
  }

  private static RegularExpression linearTimePattern(String regex) {
    Pattern pattern = Regex.compile(regex);
    return text -> pattern.matcher(text).find();
  }
}
