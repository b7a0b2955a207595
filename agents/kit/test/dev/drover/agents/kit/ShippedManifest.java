package dev.drover.agents.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifest and README of an agent that comes with Drover, for tests against its program. */
public record ShippedManifest(Path folder, JsonNode manifest) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static ShippedManifest of(String agent) throws IOException {
    Path folder = Path.of(System.getProperty("drover.home", "."), "agents", agent).toAbsolutePath();
    return new ShippedManifest(folder, yaml(Files.readString(folder.resolve("agent.yaml"))));
  }

  /** What is wrong with an input or output; JSON may be written with single quotes. */
  public Set<ValidationMessage> problems(String part, String json) throws IOException {
    return problems(part, JSON.readTree(json.replace('\'', '"')));
  }

  public Set<ValidationMessage> problems(String part, JsonNode json) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(manifest.path(part))
        .validate(json);
  }

  /** What a self-test's answer lacks of what it must contain. */
  public List<String> missing(JsonNode output) {
    List<String> missing = new ArrayList<>();
    compare(manifest.at("/selfTest/expect"), output, "$", missing);
    return missing;
  }

  private static void compare(JsonNode want, JsonNode has, String path, List<String> missing) {
    if (want.isObject()) {
      for (Map.Entry<String, JsonNode> entry : want.properties()) {
        compare(entry.getValue(), has.path(entry.getKey()), path + "." + entry.getKey(), missing);
      }
    } else if (want.isArray()) {
      for (int at = 0; at < Math.max(want.size(), has.size()); at++) {
        compare(want.path(at), has.path(at), path + "[" + at + "]", missing);
      }
    } else if (!want.equals(has)) {
      missing.add(path + " is " + has + ", not " + want);
    }
  }

  /** The blocks of the README in that language. */
  public List<String> blocks(String language) throws IOException {
    String readme = Files.readString(folder.resolve("README.md"));
    var fence = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL).matcher(readme);
    List<String> blocks = new ArrayList<>();
    while (fence.find()) {
      blocks.add(fence.group(1));
    }
    return blocks;
  }

  public static JsonNode yaml(String text) {
    return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  public static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }
}
