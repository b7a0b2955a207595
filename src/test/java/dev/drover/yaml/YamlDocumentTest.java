package dev.drover.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {
  private static Object plain(String text) {
    YamlDocument.Result result = YamlDocument.read("f.yaml", text);
    assertThat(result.problems()).isEmpty();
    return result.root().orElseThrow().plain();
  }

  private static List<String> problems(String text) {
    return YamlDocument.read("f.yaml", text).problems().stream().map(Problem::toString).toList();
  }

  @Test
  void valuesAreThoseOfJson() {
    assertThat(plain("[1, -2, 2.5, 1e3, true, null, {a: }, x, '5', \"a\\n\", 9223372036854775807]"))
        .isEqualTo(
            Arrays.asList(
                1L,
                -2L,
                2.5,
                1000.0,
                true,
                null,
                Collections.singletonMap("a", null),
                "x",
                "5",
                "a\n",
                9223372036854775807L));
    assertThat(plain("{a: {b: [1]}, c: }").toString()).isEqualTo("{a={b=[1]}, c=null}");
  }

  @Test
  void whatOnlyLooksLikeANumberOrALookUpIsText() {
    assertThat(
            plain(
                "- 1.2.3\n- 0x10\n- 0755\n- 1_000\n- yes\n- ~\n- '${HOME}'\n- ${HOME}\n- 12:30:00\n- <<"))
        .isEqualTo(
            List.of(
                "1.2.3",
                "0x10",
                "0755",
                "1_000",
                "yes",
                "~",
                "${HOME}",
                "${HOME}",
                "12:30:00",
                "<<"));
  }

  @Test
  void keysAreTextInTheirOrder() {
    assertThat(((Map<?, ?>) plain("{b: 1, 5: 2, true: 3, a: 4}")).keySet().toString())
        .isEqualTo("[b, 5, true, a]");
    assertThat(problems("? [a, b]\n: 1\n? {c: d}\n: 2"))
        .containsExactly(
            "f.yaml:1:3: a key must be plain text", "f.yaml:3:3: a key must be plain text");
  }

  @Test
  void everyValueKnowsWhereItStands() {
    YamlMap root = (YamlMap) YamlDocument.read("f", "a:\n  - x\n  - {b: c}\n").root().orElseThrow();
    assertThat(root.entries().get("a").keyPosition()).isEqualTo(new Position(1, 1));
    assertThat(root.get("a").position()).isEqualTo(new Position(2, 3));
    YamlMap inner = (YamlMap) ((YamlValue.YamlList) root.get("a")).items().get(1);
    assertThat(inner.position()).isEqualTo(new Position(3, 5));
    assertThat(inner.get("b").position()).isEqualTo(new Position(3, 9));
  }

  @Test
  void charactersOfOneLineScalarsAreFound() {
    YamlMap root =
        (YamlMap)
            YamlDocument.read(
                    "f",
                    "a: xyz\nb: 'xyz'\nc: \"x\\tz\"\nd: 'it''s'\ne: |\n  xyz\nf: x\n y\ng: \"\uD83D\uDE00z\"")
                .root()
                .orElseThrow();
    assertThat(position(root, "a", 2)).contains(new Position(1, 6));
    assertThat(position(root, "b", 2)).contains(new Position(2, 7));
    assertThat(position(root, "c", 2)).isEmpty();
    assertThat(position(root, "d", 2)).isEmpty();
    assertThat(position(root, "e", 0)).isEmpty();
    assertThat(position(root, "f", 0)).isEmpty();
    assertThat(position(root, "g", 2)).contains(new Position(9, 6));
  }

  private static Optional<Position> position(YamlMap root, String key, int index) {
    return ((YamlScalar) root.get(key)).positionOf(index);
  }

  @Test
  void carriageReturnsAndByteOrderMarksDoNotShiftPositions() {
    assertThat(problems("\uFEFFa: 1\r\nb: 2\r\na: 3\r\n"))
        .containsExactly("f.yaml:3:1: a: duplicate key \"a\", first on line 1");
    YamlMap root = (YamlMap) YamlDocument.read("f", "\uFEFFa: x").root().orElseThrow();
    assertThat(root.get("a").position()).isEqualTo(new Position(1, 4));
  }

  @Test
  void duplicateKeysAreReportedAndTheFirstStays() {
    YamlDocument.Result result =
        YamlDocument.read("f.yaml", "x:\n  a: 1\n  b: 2\n  a: {c: 3, c: 4}\n");
    assertThat(result.problems().stream().map(Problem::toString))
        .containsExactly(
            "f.yaml:4:3: x.a: duplicate key \"a\", first on line 2",
            "f.yaml:4:13: x.c: duplicate key \"c\", first on line 4");
    assertThat(result.root().orElseThrow().plain().toString()).isEqualTo("{x={a=1, b=2}}");
  }

  @Test
  void aliasesRepeatValues() {
    assertThat(plain("{a: &x [1, &y 2], b: *x, c: *y}").toString())
        .isEqualTo("{a=[1, 2], b=[1, 2], c=2}");
    assertThat(problems("a: *nowhere"))
        .containsExactly("f.yaml:1:4: the alias *nowhere has no anchor");
  }
}
