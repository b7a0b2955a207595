package dev.drover.agents.headerchecker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.ShippedManifest;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestIT {
  private ShippedManifest manifest;

  @BeforeEach
  void read() throws IOException {
    manifest = ShippedManifest.of("header-checker");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'urls':['https://a.example']}",
        "{'urls':['HTTP://a.example:8080/x?y=a@b'],'minGrade':'A+','timeout':60,'maxRedirects':0}",
        "{'captured':[{'url':'https://a.example/','status':404,'headers':[{'name':'a','value':''}]}]}"
      })
  void schemaAndProgramTakeTheSame(String json) throws Exception {
    assertThat(manifest.problems("input", json)).isEmpty();
    assertThat(programTakes(json)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'urls':['ftp://a.example']}",
        "{'urls':['https://u:p@a.example/']}",
        "{'urls':['https://a.example'],'minGrade':'G'}",
        "{'urls':['https://a.example'],'timeout':0}",
        "{'urls':['https://a.example'],'maxRedirects':11}",
        "{'urls':['https://a.example'],'follow':true}",
        "{'captured':[{'headers':[]}]}",
        "{'captured':[{'url':'https://a.example','headers':[{'value':'x'}]}]}"
      })
  void schemaAndProgramRefuseTheSame(String json) throws Exception {
    assertThat(manifest.problems("input", json)).isNotEmpty();
    assertThat(programTakes(json)).isFalse();
  }

  @Test
  void theReadmeHasEachRuleWithItsPoints() throws Exception {
    String readme = Files.readString(manifest.folder().resolve("README.md"));
    for (Rule rule : Rule.values()) {
      assertThat(readme).contains("| `" + rule.id() + "` | " + rule.points() + " |");
    }
  }

  @Test
  void examplesOfTheReadmeAreValid() throws Exception {
    int checked = 0;
    for (String block : manifest.blocks("yaml")) {
      for (var node : ShippedManifest.yaml(block).path("nodes")) {
        assertThat(manifest.problems("input", node.path("with"))).as(block).isEmpty();
        checked++;
      }
    }
    for (String block : manifest.blocks("json")) {
      assertThat(manifest.problems("output", ShippedManifest.json(block))).as(block).isEmpty();
      checked++;
    }
    assertThat(checked).isEqualTo(2);
  }

  private static boolean programTakes(String json) throws IOException {
    try {
      Request.read(InputObject.of(ShippedManifest.json(json.replace('\'', '"'))));
      return true;
    } catch (BadInput refused) {
      return false;
    }
  }
}
