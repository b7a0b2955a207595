package dev.drover.agents.kit.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VersionOrderTest {

  static Stream<Arguments> ascending() {
    return Stream.of(
        Arguments.of(
            VersionOrder.MAVEN,
            "1-alpha-1 1.0-alpha2 1.0-beta-1 1-milestone-2 1.0-rc1 1.0-SNAPSHOT 1 1-sp 1.0.1-xyz 1.0.1-1 1.0.2 1.2 1.10 2.0.0.Final2 2.9.10.8 2.12"),
        Arguments.of(VersionOrder.MAVEN, "31.1-android 31.1-jre 32.0.0-jre 33"),
        Arguments.of(
            VersionOrder.SEMANTIC,
            "1.0.0-0 1.0.0-1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2 1.10.0 2"),
        Arguments.of(
            VersionOrder.SEMANTIC,
            "0.0.0-20190101000000-abcdefabcdef v0.0.0-20210101000000-0123456789ab 0.0.1 1.2.3-0.20200101000000-aaaaaaaaaaaa v1.2.3"),
        Arguments.of(
            VersionOrder.PYTHON,
            "1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.5"));
  }

  @ParameterizedTest
  @MethodSource("ascending")
  void eachComesBeforeAllThatFollow(VersionOrder order, String versions) {
    List<String> list = List.of(versions.split(" ", -1));
    for (int i = 0; i < list.size(); i++) {
      assertThat(order.understands(list.get(i))).as(list.get(i)).isTrue();
      for (int j = 0; j < list.size(); j++) {
        assertThat(Integer.signum(order.compare(list.get(i), list.get(j))))
            .as(list.get(i) + " and " + list.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAVEN, 1.0, 1",
    "MAVEN, 1.0.0, 1-ga",
    "MAVEN, 1.0.Final, 1",
    "MAVEN, 1-rc1, 1-CR1",
    "MAVEN, 1a1, 1-alpha-1",
    "SEMANTIC, v1.2.3, 1.2.3+build",
    "SEMANTIC, 2.0.0+incompatible, 2.0.0",
    "SEMANTIC, 1, 1.0.0",
    "PYTHON, 1.0, 1",
    "PYTHON, 1.0.0-alpha1, 1a1",
    "PYTHON, 1.0-1, 1.0.post1",
    "PYTHON, v1.0RC2, 1.0c2",
    "PYTHON, 1.0+a-1, 1.0+A.1"
  })
  void differentSpellingsAreTheSame(String order, String one, String other) {
    VersionOrder versions =
        switch (order) {
          case "MAVEN" -> VersionOrder.MAVEN;
          case "SEMANTIC" -> VersionOrder.SEMANTIC;
          default -> VersionOrder.PYTHON;
        };
    assertThat(versions.compare(one, other)).isZero();
  }

  @Test
  void numbersMayBeOfAnyLength() {
    String large = "9".repeat(40);
    assertThat(VersionOrder.SEMANTIC.compare("1.0." + large, "1.0.1" + large)).isNegative();
    assertThat(VersionOrder.PYTHON.compare("1." + large, "1.1" + large)).isNegative();
  }

  @Test
  void whatIsNoVersionIsToldAndStillHasAnOrder() {
    assertThat(VersionOrder.SEMANTIC.understands("latest")).isFalse();
    assertThat(VersionOrder.PYTHON.understands("1.x")).isFalse();
    assertThat(VersionOrder.MAVEN.understands("${a}")).isFalse();
    assertThat(VersionOrder.SEMANTIC.compare("latest", "0.0.1")).isNegative();
    assertThat(VersionOrder.PYTHON.compare("1.x", "1.y")).isNegative();
  }
}
