package dev.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled JSON Schema (draft 2020-12). References to other documents are not followed: a schema
 * comes from a manifest or a workflow and must be whole in itself.
 */
public final class JsonSchema {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V202012,
          builder ->
              builder.schemaLoaders(
                  loaders ->
                      loaders.add(
                          iri -> {
                            throw new IllegalArgumentException(
                                "a schema may not refer to another document: " + iri);
                          })));
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder().pathType(PathType.JSON_PATH).typeLoose(false).build();
  private static final com.networknt.schema.JsonSchema META =
      FACTORY.getSchema(
          com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"),
          CONFIG);

  private final Map<String, Object> source;
  private final com.networknt.schema.JsonSchema compiled;

  private JsonSchema(Map<String, Object> source, com.networknt.schema.JsonSchema compiled) {
    this.source = source;
    this.compiled = compiled;
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
    var compiled = FACTORY.getSchema(node, CONFIG);
    try {
      compiled.initializeValidators();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not a JSON Schema: " + e.getMessage(), e);
    }
    return new JsonSchema(source, compiled);
  }

  /** The schema as it was written. */
  public Map<String, Object> source() {
    return source;
  }

  /** What is wrong with the value, each with its path ({@code $.a.b}); empty if it conforms. */
  public List<String> validate(@Nullable Object value) {
    return messages(compiled.validate(MAPPER.valueToTree(value)));
  }

  private static List<String> messages(Iterable<ValidationMessage> found) {
    return java.util.stream.StreamSupport.stream(found.spliterator(), false)
        .map(ValidationMessage::getMessage)
        .distinct()
        .limit(20)
        .toList();
  }
}
