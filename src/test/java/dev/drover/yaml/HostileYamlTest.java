package dev.drover.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that want to harm the reader: each gives problems, soon, and never an exception. */
@Timeout(5)
class HostileYamlTest {
  private static List<String> problems(String text) {
    return YamlDocument.read("f.yaml", text).problems().stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]",
        "!!java.util.Date x",
        "!custom {a: 1}",
        "!!binary aGk=",
        "!!set {a, b}",
        "!!int '5'",
        "!ENV_VARIABLE ${HOME}",
      })
  void tagsAreRefused(String value) {
    assertThat(problems("a: " + value))
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p).contains("is not allowed; only plain values are"));
    assertThat(problems("a: " + value).get(0)).startsWith("f.yaml:1:4: a: the tag ");
  }

  @Test
  void plainTagsAreAllowed() {
    assertThat(problems("a: !!str 5\nb: !!map {}\nc: !!seq []\nd: ! 5")).isEmpty();
  }

  @Test
  void billionLaughsAreCountedNotExpanded() {
    StringBuilder text =
        new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(9, alias))));
    }
    assertThat(problems(text.toString()))
        .containsExactly("f.yaml:6:10: the document has more than 100000 values");
  }

  @Test
  void aliasesToThemselvesAreRefused() {
    assertThat(problems("a: &x [1, *x]"))
        .containsExactly("f.yaml:1:11: the document refers to itself by the alias *x");
    assertThat(problems("&x {a: {b: *x}}"))
        .containsExactly("f.yaml:1:12: the document refers to itself by the alias *x");
  }

  @Test
  void deepNestingIsRefusedInEveryStyle() {
    String tooDeep = "the document is nested deeper than 50 levels";
    assertThat(problems("[".repeat(10_000))).containsExactly("f.yaml:1:51: " + tooDeep);
    assertThat(problems("{a: ".repeat(10_000))).hasSize(1).allMatch(p -> p.endsWith(tooDeep));
    assertThat(problems("- ".repeat(10_000) + "x")).hasSize(1).allMatch(p -> p.endsWith(tooDeep));
    String block =
        IntStream.range(0, 1_000)
            .mapToObj(i -> " ".repeat(i) + "a:\n")
            .collect(Collectors.joining());
    assertThat(problems(block)).hasSize(1).allMatch(p -> p.endsWith(tooDeep));
    assertThat(problems("? ".repeat(10_000))).hasSize(1).allMatch(p -> p.endsWith(tooDeep));
    assertThat(problems("[".repeat(50) + "]".repeat(50))).isEmpty();
  }

  @Test
  void tooManyValuesAreRefused() {
    String nodes =
        IntStream.range(0, 100_000).mapToObj(i -> "n" + i + ": {}\n").collect(Collectors.joining());
    assertThat(problems(nodes)).hasSize(1).allMatch(p -> p.contains("more than 100000 values"));
  }

  @Test
  void tooLongDocumentsAreRefusedUnread() {
    assertThat(problems("a: \0" + "x".repeat(3_000_000))) // read, it would be refused for the NUL
        .containsExactly("f.yaml:1:1: the document has more than 2097152 characters");
  }

  @Test
  void controlCharactersAreRefusedWhereTheyStand() {
    assertThat(problems("a: 1\nb: x\0y"))
        .containsExactly("f.yaml:2:5: not YAML: the character U+0000 is not allowed");
    assertThat(problems("a: \u001B[31m"))
        .containsExactly("f.yaml:1:4: not YAML: the character U+001B is not allowed");
    assertThat(problems("a: \uD800"))
        .containsExactly("f.yaml:1:4: not YAML: the character U+D800 is not allowed");
  }

  @Test
  void severalDocumentsAreRefused() {
    assertThat(problems("a: 1\n---\nb: 2\n---\nc: 3"))
        .containsExactly("f.yaml:2:1: one document is expected, but another begins here");
    assertThat(problems("---\na: 1\n...\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\n", "# only a comment\n", "\uFEFF"})
  void emptyDocumentsAreRefused(String text) {
    assertThat(problems(text)).containsExactly("f.yaml:1:1: the document is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: [1",
        "a: 'x",
        "a: b: c",
        "\ta: 1",
        "a:\n\t- 1",
        "%YAML 9.9\n---\na",
        "a: @x",
        "]",
        "&",
        "*",
        "!",
        "a: |9\n x",
        "\"\\uD800\"",
        "a: \"\\x",
        "- - -\n -a\n  :",
        "!<> x",
        "? ? ?",
        "{a: 1, ? b}",
        "%TAG ! !x\n---\n!y z",
        "a: !!str\n  - 1",
      })
  void brokenTextNeverThrows(String text) {
    YamlDocument.Result result = YamlDocument.read("f.yaml", text);
    assertThat(result.root().isPresent() || !result.problems().isEmpty()).isTrue();
  }

  @Test
  void numbersThatCannotBeKeptAreRefused() {
    assertThat(problems("[9223372036854775808, .inf, -.inf, .nan, 1e999]"))
        .hasSize(5)
        .allMatch(p -> p.contains("not a number that can be kept exactly: "));
  }

  @Test
  void longKeysDoNotMakeLongProblems() {
    String key = "k".repeat(100_000);
    assertThat(problems("? " + key + "\n: 1\n? " + key + "\n: 2"))
        .singleElement()
        .satisfies(p -> assertThat(p.length()).isLessThan(5_000));
  }
}
