package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MavenBumpIT {
  private static final Path HOME = Path.of(System.getProperty("drover.home", "."));
  private static final String PARENT =
      """
      <project>
        <groupId>g</groupId><artifactId>top</artifactId><version>1</version>
        <properties><lib.version>1.2</lib.version><!-- why --></properties>
        <dependencyManagement><dependencies>
          <dependency><groupId>com.lib</groupId><artifactId>lib</artifactId><version>${lib.version}</version></dependency>
          <dependency><groupId>com.lib</groupId><artifactId>lib-extra</artifactId><version>${lib.version}</version></dependency>
        </dependencies></dependencyManagement>
        <build><plugins>
          <plugin><artifactId>maven-jar-plugin</artifactId>
            <version>
              3.0
            </version>
            <dependencies><dependency><groupId>p</groupId><artifactId>q</artifactId><version>1</version></dependency></dependencies>
          </plugin>
        </plugins></build>
        <profiles><profile><properties><lib.version>1.2</lib.version></properties></profile></profiles>
      </project>
      """;
  private static final String CHILD =
      """
      <project>
        <parent><groupId>g</groupId><artifactId>top</artifactId><version>1</version></parent>
        <artifactId>child</artifactId>
        <dependencies>
          <dependency><groupId>com.lib</groupId><artifactId>lib</artifactId></dependency>
          <dependency><groupId>com.other</groupId><artifactId>other</artifactId><version>${lib.version}</version></dependency>
          <dependency><groupId>a</groupId><artifactId>cut</artifactId><version>1<!-- x -->.2</version></dependency>
          <dependency><groupId>a</groupId><artifactId>ranged</artifactId><version>[1,2)</version></dependency>
        </dependencies>
      </project>
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "info.picocli:picocli, picocli.version, 99.1",
    "org.apache.camel.springboot:camel-spring-boot-bom, camel.version, 99.1",
    "org.codehaus.mojo:build-helper-maven-plugin, build-helper.version, 99.1",
    "com.uber.nullaway:nullaway, nullaway.version, 99.1"
  })
  void theProjectsOwnPomChangesInOneLineOnly(String artifact, String property, String to)
      throws Exception {
    String pom = Files.readString(HOME.resolve("pom.xml"));
    Trial trial = new Trial(folder).file("pom.xml", pom);
    trial.fix("{'maven': '" + artifact + "', 'to': '" + to + "'}");

    JsonNode report = trial.write();

    assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
    assertThat(differences(pom, trial.text("pom.xml")))
        .containsExactly("    <" + property + ">" + to + "</" + property + ">\n");
  }

  @Test
  void theParentOfTheProjectsOwnPomChangesInOneLineOnly() throws Exception {
    String pom = Files.readString(HOME.resolve("pom.xml"));
    Trial trial = new Trial(folder).file("pom.xml", pom);
    trial.fix("{'maven': 'org.springframework.boot:spring-boot-starter-parent', 'to': '99.0.1'}");
    trial.write();
    assertThat(differences(pom, trial.text("pom.xml")))
        .containsExactly("    <version>99.0.1</version>\n");
  }

  @Test
  void aPropertyIsSetWhereItIsDefinedAndItsOtherUsersAreNamed() throws Exception {
    JsonNode report = tree().fix("{'maven': 'com.lib:lib', 'to': '1.10', 'from': '1.2'}").write();

    assertThat(report.at("/fixes/0/status").asText()).isEqualTo("applied");
    assertThat(Files.readString(folder.resolve("pom.xml")))
        .isEqualTo(PARENT.replace("<lib.version>1.2<", "<lib.version>1.10<"));
    assertThat(Files.readString(folder.resolve("child/pom.xml"))).isEqualTo(CHILD);
    assertThat(report.at("/fixes/0/notes/0").asText())
        .contains("com.lib:lib-extra (pom.xml:6)", "com.other:other (child/pom.xml:6)");
  }

  @Test
  void aPluginsGroupIsImpliedAndLayoutInsideAnElementIsKept() throws Exception {
    tree()
        .fix("{'maven': 'org.apache.maven.plugins:maven-jar-plugin', 'to': '3.4.1'}")
        .fix("{'maven': 'p:q', 'to': '2'}")
        .write();
    assertThat(Files.readString(folder.resolve("pom.xml")))
        .isEqualTo(
            PARENT
                .replace("        3.0\n", "        3.4.1\n")
                .replace("q</artifactId><version>1<", "q</artifactId><version>2<"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'maven': 'com.lib:lib', 'to': '1.1'                | later than 1.1",
        "'maven': 'com.lib:lib', 'to': '2', 'from': '1.3'   | it is 1.2, not 1.3",
        "'maven': 'com.lib:lib', 'to': '1.2-beta'           | later than",
        "'maven': 'a:cut', 'to': '2'                        | cut by a comment",
        "'maven': 'a:ranged', 'to': '2'                     | a range",
        "'maven': 'no:body', 'to': '2'                      | named in no pom file",
        "'maven': 'com.lib:lib', 'to': '2', 'files': ['child/**'] | managed elsewhere",
      })
  void whatIsNotMeantStaysAsItIsWithTheReason(String fix, String reason) throws Exception {
    JsonNode report = tree().fix("{" + fix + "}").write();

    assertThat(report.path("ok").asBoolean()).isFalse();
    assertThat(report.path("written").asBoolean()).isFalse();
    assertThat(report.path("diff").asText()).isEmpty();
    assertThat(report.at("/fixes/0/message").asText()).contains(reason);
    assertThat(Files.readString(folder.resolve("pom.xml"))).isEqualTo(PARENT);
  }

  @Test
  void aDowngradeIsMadeIfItIsAskedFor() throws Exception {
    JsonNode report =
        tree().fix("{'maven': 'com.lib:lib', 'to': '1.1', 'allowDowngrade': true}").write();
    assertThat(report.path("written").asBoolean()).isTrue();
  }

  @Test
  void whatIsThereAlreadyIsNoFailure() throws Exception {
    Trial trial = tree().fix("{'maven': 'com.lib:lib', 'to': '1.3', 'from': '1.2'}");
    trial.write();
    JsonNode second = trial.write();
    assertThat(second.path("ok").asBoolean()).isTrue();
    assertThat(second.path("written").asBoolean()).isFalse();
    assertThat(second.at("/fixes/0/status").asText()).isEqualTo("already");
  }

  @ParameterizedTest
  @CsvSource({"ISO-8859-1", "UTF-8", "windows-1252"})
  void bytesThatAreNotTheVersionStay(String encoding) throws Exception {
    Charset charset = Charset.forName(encoding);
    String pom =
        "<?xml version=\"1.0\" encoding=\""
            + encoding
            + "\"?>\r\n<!-- größer > <b> -->\r\n"
            + "<project\txmlns='x>y' ><description>é&amp;<![CDATA[<version>]]></description>\n"
            + "<dependencies ><dependency><groupId>a</groupId >\r\n<artifactId>b</artifactId>"
            + "<version> 1 </version ></dependency></dependencies></project>";
    byte[] mark =
        encoding.equals("UTF-8") ? new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf} : new byte[0];
    Trial trial = new Trial(folder).file("pom.xml", joined(mark, pom.getBytes(charset)));

    JsonNode report = trial.fix("{'maven': 'a:b', 'to': '2'}").write();

    assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
    assertThat(Files.readAllBytes(folder.resolve("pom.xml")))
        .isEqualTo(joined(mark, pom.replace("> 1 <", "> 2 <").getBytes(charset)));
    assertThat(report.has("diffBase64")).isEqualTo(!encoding.equals("UTF-8"));
  }

  @Test
  void aFileThatIsNoXmlIsLeftOutAndNamed() throws Exception {
    JsonNode report =
        tree()
            .file("bad/pom.xml", "<!DOCTYPE project [<!ENTITY x \"y\">]><project/>")
            .file("cut/pom.xml", "<project><a>")
            .fix("{'maven': 'com.lib:lib', 'to': '2'}")
            .run();
    assertThat(report.at("/fixes/0/notes").toString())
        .contains("bad/pom.xml was left out: document types are not taken at line 1")
        .contains("cut/pom.xml was left out");
  }

  private Trial tree() throws Exception {
    return new Trial(folder).file("pom.xml", PARENT).file("child/pom.xml", CHILD);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static List<String> differences(String before, String after) {
    List<String> old = Lines.of(before);
    List<String> fresh = Lines.of(after);
    assertThat(fresh).hasSameSizeAs(old);
    List<String> different = new ArrayList<>();
    for (int i = 0; i < old.size(); i++) {
      if (!old.get(i).equals(fresh.get(i))) {
        different.add(fresh.get(i));
      }
    }
    return different;
  }

  @Test
  void encodingsAreThoseOfTheTest() {
    assertThat(new FileState("é".getBytes(StandardCharsets.ISO_8859_1), false).decoded().charset())
        .isEqualTo(StandardCharsets.ISO_8859_1);
  }
}
