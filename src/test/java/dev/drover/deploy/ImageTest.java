package dev.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code deploy/Dockerfile}, as far as it can be judged without building it. */
class ImageTest {
  private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(.+) \\S+$");
  private static final Pattern BIND = Pattern.compile("--mount=type=bind,source=([^,]+),");
  private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)");

  private final String dockerfile = Deployed.text("Dockerfile");

  private List<String> copied() {
    List<String> files = new ArrayList<>();
    for (Pattern pattern : List.of(COPY, BIND)) {
      for (MatchResult match : pattern.matcher(dockerfile).results().toList()) {
        files.addAll(List.of(match.group(1).split(" ")));
      }
    }
    return files;
  }

  @Test
  void whatIsCopiedIsThereAndNothingElseIsSentToTheBuild() throws IOException {
    assertThat(copied()).allSatisfy(file -> assertThat(Deployed.ROOT.resolve(file)).exists());
    List<String> sent =
        Files.readAllLines(Deployed.ROOT.resolve(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    assertThat(sent).containsExactlyInAnyOrderElementsOf(copied().stream().distinct().toList());
    assertThat(Files.readAllLines(Deployed.ROOT.resolve(".dockerignore"))).contains("*");
  }

  @Test
  void everyBaseHasAFixedVersion() {
    assertThat(FROM.matcher(dockerfile).results().map(match -> match.group(1)))
        .hasSize(3)
        .allSatisfy(image -> assertThat(image).matches("[a-z./-]+:v?\\d+\\.\\d+\\.\\d+\\S*"));
    String runtime = dockerfile.replaceFirst("(?s).*\nFROM (\\S+).*", "$1");
    assertThat(dockerfile).contains("base.name=\"docker.io/library/" + runtime + "\"");
  }

  @Test
  void librariesAreALayerBelowTheApplicationsAndItRunsAsNobodyInParticular() {
    int libraries = dockerfile.indexOf("/src/target/lib ");
    int application = dockerfile.indexOf("/src/target/drover.jar");
    int archive = dockerfile.indexOf("bash /run/train.sh");
    int user = dockerfile.indexOf("\nUSER 10001:10001");
    assertThat(List.of(0, libraries, application, archive, user))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(dockerfile.indexOf("\nUSER ")).isEqualTo(dockerfile.lastIndexOf("\nUSER "));
  }

  @Test
  void theServerHasTheOptionsOfTheTrainingRun() {
    String options = "@/opt/drover/java.options";
    assertThat(dockerfile).contains("ENTRYPOINT [\"java\", \"" + options + "\", ");
    assertThat(Deployed.text("train.sh")).contains("java " + options + " ");
    assertThat(dockerfile)
        .contains("-XX:AOTCache=/opt/drover/drover.aot")
        .contains("train.sh /run/train /opt/drover/drover.aot");
  }
}
