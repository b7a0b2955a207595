package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ManifestIT {

  private static final Path FOLDER =
      Path.of(System.getProperty("drover.home", "."), "agents", "notifier");
  private static final Map<String, String> SECRETS =
      Map.of(
          "NOTIFIER_URL", "https://hooks.example/x",
          "NOTIFIER_SMTP_PASSWORD", "x",
          "NOTIFIER_SLACK_TOKEN", "x",
          "NOTIFIER_PAGERDUTY_KEY", "x");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void selfTestPassesWithTheShippedCommand() throws Exception {
    JsonNode manifest = yaml(Files.readString(FOLDER.resolve("agent.yaml")));

    Trial trial = Samples.process(manifest.at("/selfTest/input").toString(), Map.of());

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(manifest.path("command").path(6).asText()).isEqualTo(Notifier.class.getName());
    assertThat(schema("output").validate(trial.receipt())).isEmpty();
    for (Map.Entry<String, JsonNode> expected : manifest.at("/selfTest/expect").properties()) {
      assertThat(trial.receipt().get(expected.getKey())).isEqualTo(expected.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'channel':'log','title':'t'}",
        "{'channel':'log','title':'t','text':'','severity':'resolved','fields':{'a':1.5,'b':true,'c':''},'timeout':10.0}",
        "{'channel':'slack','title':'t'}",
        "{'channel':'slack','title':'t','url':'https://h.example/','format':'blocks'}",
        "{'channel':'slack','title':'t','slackChannel':'#ops','thread':'1700000000.000100'}",
        "{'channel':'teams','title':'t'}",
        "{'channel':'webhook','title':'t','threadKey':'k'}",
        "{'channel':'pagerduty','title':'t','severity':'resolved','action':'trigger','source':'s'}",
        "{'channel':'pagerduty','title':'t','severity':'resolved','threadKey':'k'}",
        "{'channel':'webhook','title':'t','url':'HTTPS://h.example:8443/p?q=1'}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.c'},'to':['Ops <ops@b.c>']}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','port':25,'startTls':true,'username':'u','from':'a@b.c'},"
            + "'to':['a@b.c'],'cc':[],'subject':'s'}"
      })
  void schemaAndProgramTakeTheSame(String json) throws Exception {
    assertThat(schema("input").validate(parsed(json))).isEmpty();
    assertThat(programTakes(json)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{'title':'t'}",
        "{'channel':'fax','title':'t'}",
        "{'channel':'log'}",
        "{'channel':'log','title':'t','threadKey':'k'}",
        "{'channel':'teams','title':'t','threadKey':'k'}",
        "{'channel':'teams','title':'t','format':'blocks'}",
        "{'channel':'slack','title':'t','thread':'1.2'}",
        "{'channel':'slack','title':'t','slackChannel':'C1','thread':'x'}",
        "{'channel':'slack','title':'t','slackChannel':'C1','url':'https://h.example/'}",
        "{'channel':'slack','title':'t','slackChannel':'C 1'}",
        "{'channel':'pagerduty','title':'t','severity':'resolved'}",
        "{'channel':'pagerduty','title':'t','action':'acknowledge'}",
        "{'channel':'pagerduty','title':'t','url':'https://h.example/'}",
        "{'channel':'webhook','title':'t','source':'s'}",
        "{'channel':'log','title':' '}",
        "{'channel':'log','title':'t','text':null}",
        "{'channel':'log','title':'t','severity':'bad'}",
        "{'channel':'log','title':'t','timeout':121}",
        "{'channel':'log','title':'t','timeout':'5'}",
        "{'channel':'log','title':'t','fields':{'a':null}}",
        "{'channel':'log','title':'t','fields':{'a':{}}}",
        "{'channel':'log','title':'t','url':'http://h/'}",
        "{'channel':'log','title':'t','to':['a@b.c']}",
        "{'channel':'log','title':'t','other':1}",
        "{'channel':'slack','title':'t','url':'ftp://h/'}",
        "{'channel':'slack','title':'t','url':''}",
        "{'channel':'slack','title':'t','subject':'s'}",
        "{'channel':'email','title':'t'}",
        "{'channel':'email','title':'t','smtp':{'host':'mx'},'to':['a@b.c']}",
        "{'channel':'email','title':'t','smtp':{'from':'a@b.c'},'to':['a@b.c']}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.c'},'to':[]}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.c'},'to':['nobody']}",
        "{'channel':'email','title':'t','smtp':{'host':'m x','from':'a@b.c'},'to':['a@b.c']}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.c','port':0},'to':['a@b.c']}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.c','password':'x'},'to':['a@b.c']}",
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.c'},'to':['a@b.c'],'url':'http://h/'}"
      })
  void schemaAndProgramRefuseTheSame(String json) throws Exception {
    assertThat(schema("input").validate(parsed(json))).isNotEmpty();
    assertThat(programTakes(json)).isFalse();
  }

  @Test
  void examplesOfTheReadmeAreValid() throws Exception {
    int checked = 0;
    for (String block : blocks("yaml")) {
      for (JsonNode node : yaml(block).path("nodes")) {
        assertThat(schema("input").validate(node.path("with"))).as(block).isEmpty();
        assertThat(programTakes(node.path("with").toString())).as(block).isTrue();
        checked++;
      }
    }
    assertThat(checked).isEqualTo(9);
    for (String block : blocks("json")) {
      assertThat(schema("output").validate(JSON.readTree(block))).isEmpty();
    }
  }

  private static List<String> blocks(String language) throws IOException {
    String readme = Files.readString(FOLDER.resolve("README.md"));
    var fence = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL).matcher(readme);
    List<String> blocks = new ArrayList<>();
    while (fence.find()) {
      blocks.add(fence.group(1));
    }
    return blocks;
  }

  private static boolean programTakes(String json) throws IOException {
    try {
      new RequestReader(SECRETS).read(InputObject.of(parsed(json)));
      return true;
    } catch (BadInput refused) {
      return false;
    }
  }

  private static JsonSchema schema(String part) throws IOException {
    JsonNode manifest = yaml(Files.readString(FOLDER.resolve("agent.yaml")));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(manifest.path(part));
  }

  private static JsonNode parsed(String json) throws IOException {
    return JSON.readTree(json.replace('\'', '"'));
  }

  private static JsonNode yaml(String text) {
    return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }
}
