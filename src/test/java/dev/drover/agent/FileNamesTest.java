package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
  private static final UUID ID = UUID.fromString("01a20000-0000-7000-8000-000000000001");

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "scan.sarif", ".hidden", "a/b/c.txt", "Prüfung 1.pdf", "..a", "a..b"})
  void plainRelativePathsAreNames(String name) throws FilesRefused {
    assertThat(String.join("/", FileNames.parts(name))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "/etc/passwd",
        "a//b",
        "a/",
        "./a",
        "a/./b",
        "a\\b",
        "a\nb",
        "a\0b",
        "a\u202eb",
        "1/2/3/4/5/6/7/8/9"
      })
  void anythingElseIsNone(String name) {
    assertThatThrownBy(() -> FileNames.parts(name))
        .isInstanceOfSatisfying(
            FilesRefused.class, e -> assertThat(e.type()).isEqualTo(FailureType.OUTPUT_INVALID));
  }

  @Test
  void aNameOfMoreThan255CharactersIsNone() throws FilesRefused {
    assertThat(FileNames.parts("x".repeat(255))).hasSize(1);
    assertThatThrownBy(() -> FileNames.parts("x".repeat(256))).hasMessageContaining("too long");
  }

  private static Map<String, Object> keep(FileNames.Named file) {
    return new LeftFile(Path.of("copy"), file.name(), file.mediaType(), 3, "abc").reference(ID);
  }

  private static Object replaced(Object output) throws Exception {
    return new NamedFiles(FileNamesTest::keep, 2).replaceIn(output);
  }

  @Test
  void whereverAFileIsNamedItsReferenceStandsAfterwards() throws Exception {
    Map<String, Object> reference =
        Map.of(
            "artifact", ID.toString(),
            "name", "a.txt",
            "size", 3L,
            "sha256", "abc",
            "mediaType", "text/plain");
    Map<String, Object> named = Map.of("$artifact", "a.txt", "mediaType", "text/plain");

    assertThat(replaced(Map.of("n", 1L, "all", List.of("x", named), "one", named)))
        .isEqualTo(Map.of("n", 1L, "all", List.of("x", reference), "one", reference));
    assertThat(replaced(named)).isEqualTo(reference);
    assertThat(replaced(Map.of("$artifact", "b")))
        .isInstanceOfSatisfying(
            Map.class, r -> assertThat(r.get("mediaType")).isEqualTo("application/octet-stream"));
  }

  @Test
  void anOutputWithoutFilesStaysAsItIs() throws Exception {
    for (Object output :
        List.of(1L, "a", List.of(), Map.of("artifact", "no-name-but-data", "size", 2L))) {
      assertThat(replaced(output)).isEqualTo(output);
    }
    assertThat(replaced(null)).isNull();
  }

  @Test
  void aFileThatIsNamedTwiceIsKeptOnce() throws Exception {
    List<String> kept = new ArrayList<>();
    NamedFiles files =
        new NamedFiles(
            file -> {
              kept.add(file.name());
              return keep(file);
            },
            2);

    files.replaceIn(List.of(Map.of("$artifact", "a"), Map.of("$artifact", "a")));

    assertThat(kept).containsExactly("a");
  }

  @Test
  void moreFilesThanAllowedAreRefused() {
    List<Object> three =
        List.of(Map.of("$artifact", "a"), Map.of("$artifact", "b"), Map.of("$artifact", "c"));

    assertThatThrownBy(() -> replaced(three))
        .isInstanceOfSatisfying(
            FilesRefused.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.ARTIFACT_TOO_LARGE));
  }

  @Test
  void whatIsNoNameOfAFileIsSaid() {
    assertThatThrownBy(() -> replaced(Map.of("$artifact", 7L))).hasMessageContaining("not a text");
    assertThatThrownBy(() -> replaced(Map.of("$artifact", "a", "mediaType", "text")))
        .hasMessageContaining("media type");
    assertThatThrownBy(() -> replaced(Map.of("$artifact", "a", "mediaType", "a/b\r\nX: y")))
        .hasMessageContaining("media type");
    assertThatThrownBy(() -> replaced(Map.of("$artifact", "a", "size", 3L)))
        .hasMessageContaining("more than a mediaType");
  }

  @Test
  void aReferenceIsKnownByItsField() {
    assertThat(FileNames.referenced(Map.of("artifact", "x", "more", 1L))).contains("x");
    assertThat(FileNames.referenced(Map.of("artifact", 1L))).isEmpty();
    assertThat(FileNames.referenced("x")).isEmpty();
    assertThat(FileNames.referenced(null)).isEmpty();
  }
}
