package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpmBumpIT {
  private static final String INTEGRITY = "sha512-" + "A".repeat(86) + "==";
  private static final String MANIFEST =
      "{\r\n\t\"name\":\"x\" ,\r\n\t\"dependencies\": { \"@s/lib\": \"^1.2.3\",\"pinned\":\"1.0.0\" ,"
          + "\"tag\":\"latest\",\"wide\":\">=1.0.0 <2\"},\r\n\t\"devDependencies\":{\"@s/lib\":\"~1.2.3\"},"
          + "\"peerDependencies\":{\"@s/lib\":\"*\"}}";
  private static final String LOCK =
      """
      {
        "lockfileVersion": 2,
        "packages": {
          "": { "dependencies": { "@s/lib": "^1.2.3", "pinned": "1.0.0" } },
          "node_modules/@s/lib": {
            "version": "1.2.9", "resolved": "https://registry.example/@s/lib/-/lib-1.2.9.tgz", "integrity": "sha512-old"
          },
          "node_modules/user": { "version": "1.0.0", "dependencies": { "@s/lib": "^1.0.0" } }
        },
        "dependencies": {
          "@s/lib": { "version": "1.2.9", "resolved": "https://registry.example/@s/lib/-/lib-1.2.9.tgz", "integrity": "sha512-old" }
        }
      }""";

  @TempDir Path folder;

  @Test
  void operatorsAndEverythingElseAreKept() throws Exception {
    JsonNode report = tree().fix("{'npm': '@s/lib', 'to': '1.3.0'}").write();

    assertThat(Files.readString(folder.resolve("package.json")))
        .isEqualTo(MANIFEST.replace("^1.2.3", "^1.3.0").replace("~1.2.3", "~1.3.0"));
    assertThat(report.at("/fixes/0/notes/0").asText()).contains("peer dependency");
  }

  @Test
  void aLockThatStillFitsGetsTheNewRange() throws Exception {
    tree().file("package-lock.json", LOCK).fix("{'npm': '@s/lib', 'to': '1.2.5'}").write();
    assertThat(Files.readString(folder.resolve("package-lock.json")))
        .isEqualTo(LOCK.replace("^1.2.3", "^1.2.5"));
  }

  @Test
  void withoutIntegrityALockThatDoesNotFitStaysAndSaysWhatToDo() throws Exception {
    JsonNode report =
        tree().file("package-lock.json", LOCK).fix("{'npm': '@s/lib', 'to': '1.4.0'}").write();
    assertThat(Files.readString(folder.resolve("package-lock.json"))).isEqualTo(LOCK);
    assertThat(report.at("/fixes/0/notes").toString())
        .contains("it locks 1.2.9, and the integrity of 1.4.0 is not given", "npm install");
  }

  @Test
  void withIntegrityTheLockFollows() throws Exception {
    tree()
        .file("package-lock.json", LOCK)
        .fix("{'npm': '@s/lib', 'to': '1.4.0', 'integrity': '" + INTEGRITY + "'}")
        .write();
    assertThat(Files.readString(folder.resolve("package-lock.json")))
        .isEqualTo(
            LOCK.replace("^1.2.3", "^1.4.0")
                .replace("1.2.9", "1.4.0")
                .replace("sha512-old", INTEGRITY));
  }

  @Test
  void aLockIsNotChangedAgainstTheWillOfAnotherPackage() throws Exception {
    JsonNode report =
        tree()
            .file("package-lock.json", LOCK)
            .fix("{'npm': '@s/lib', 'to': '2.0.0', 'integrity': '" + INTEGRITY + "'}")
            .write();
    assertThat(Files.readString(folder.resolve("package-lock.json"))).isEqualTo(LOCK);
    assertThat(report.at("/fixes/0/notes").toString()).contains("node_modules/user wants ^1.0.0");
  }

  @Test
  void aWorkspacesLockIsFoundAbove() throws Exception {
    String lock = LOCK.replace("\"\":", "\"packages/a\":");
    new Trial(folder)
        .file("packages/a/package.json", MANIFEST)
        .file("package-lock.json", lock)
        .fix("{'npm': '@s/lib', 'to': '1.2.5'}")
        .write();
    assertThat(Files.readString(folder.resolve("package-lock.json")))
        .isEqualTo(lock.replace("^1.2.3", "^1.2.5"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'npm': 'tag', 'to': '1.0.0'                     | which is not one version",
        "'npm': 'wide', 'to': '1.5.0'                    | which is not one version",
        "'npm': 'pinned', 'to': '0.9.0'                  | later than 0.9.0",
        "'npm': 'pinned', 'to': '1.0.0-rc.1'             | later than",
        "'npm': 'pinned', 'to': '2.0.0', 'from': '1.1.0' | it is 1.0.0, not 1.1.0",
        "'npm': 'other', 'to': '2.0.0'                   | no package.json that matches",
      })
  void whatIsNotMeantStaysAsItIsWithTheReason(String fix, String reason) throws Exception {
    JsonNode report = tree().fix("{" + fix + "}").write();
    assertThat(report.at("/fixes/0/message").asText()).contains(reason);
    assertThat(Files.readString(folder.resolve("package.json"))).isEqualTo(MANIFEST);
  }

  @ParameterizedTest
  @CsvSource({
    "^1.2.3, 1.9.0, true", "^1.2.3, 2.0.0, false", "^0.2.3, 0.2.9, true", "^0.2.3, 0.3.0, false",
    "^0.0.3, 0.0.4, false", "~1.2.3, 1.2.9, true", "~1.2.3, 1.3.0, false", ">=1.2.3, 7.0.0, true",
    "1.2.3, 1.2.3, true", "1.2.3, 1.2.4, false", "^1.2.3, 1.2.2, false", "^1.2.3, 1.3.0-rc.1, false"
  })
  void rangesAdmitWhatNpmAdmits(String range, String version, boolean admitted) {
    assertThat(NpmRange.of(range).orElseThrow().admits(version)).isEqualTo(admitted);
  }

  private Trial tree() throws Exception {
    return new Trial(folder).file("package.json", MANIFEST);
  }
}
