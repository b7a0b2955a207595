package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Recall on planted faults, and silence on what only looks like one. */
class PlantedFaultsIT {

  private static List<Map<?, ?>> planted(String kind) throws IOException {
    Object all =
        new Load(LoadSettings.builder().build())
            .loadFromString(
                Files.readString(RulesIT.FOLDER.resolveSibling("sample").resolve("planted.yaml")));
    List<Map<?, ?>> list = new ArrayList<>();
    ((List<?>) ((Map<?, ?>) all).get(kind)).forEach(entry -> list.add((Map<?, ?>) entry));
    return list;
  }

  private static List<String> found(LineRules rules, Map<?, ?> planted) throws BadInput {
    String text = String.valueOf(planted.get("text"));
    if (String.valueOf(planted.get("rule")).startsWith("secret-")) {
      text = RulesIT.fill(text);
    }
    ChangedFile file = Diffs.files(Diffs.adding(String.valueOf(planted.get("file")), text)).get(0);
    return rules.review(file.path(), file.hunks()).stream()
        .map(comment -> comment.advice().id())
        .distinct()
        .toList();
  }

  @Test
  void everyPlantedFaultIsFound() throws IOException, BadInput, WorkFailure {
    LineRules rules = new LineRules(RuleFile.readAll(RulesIT.FOLDER));
    List<Map<?, ?>> faults = planted("faults");
    List<String> missed = new ArrayList<>();
    for (Map<?, ?> fault : faults) {
      List<String> found = found(rules, fault);
      if (!found.contains(String.valueOf(fault.get("rule")))) {
        missed.add(fault + " gave " + found);
      }
    }
    assertThat(faults).hasSizeGreaterThan(80);
    assertThat(missed).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeAFaultIsNotReported() throws IOException, BadInput, WorkFailure {
    LineRules rules = new LineRules(RuleFile.readAll(RulesIT.FOLDER));
    for (Map<?, ?> decoy : planted("clean")) {
      assertThat(found(rules, decoy)).as(String.valueOf(decoy.get("file"))).isEmpty();
    }
  }
}
