package dev.drover.agents.securityscanner.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CvssTest {
  @ParameterizedTest
  @CsvSource({
    "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H, 9.8, critical",
    "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H, 10.0, critical",
    "AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N, 6.1, medium",
    "AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H, 7.8, high",
    "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N, 5.9, medium",
    "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H, 6.5, medium",
    "AV:N/AC:L/PR:H/UI:N/S:C/C:H/I:H/A:H, 9.1, critical",
    "AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N, 4.6, medium",
    "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H, 7.5, high",
    "AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N, 2.2, low",
    "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N, 0.0, low"
  })
  void scoresAreThoseOfTheSpecification(String vector, double score, String rating) {
    assertThat(Cvss.score("CVSS:3.1/" + vector)).hasValue(score);
    assertThat(Cvss.rating(score)).isEqualTo(rating);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CVSS:4.0/AV:N/AC:L",
        "CVSS:3.1/AV:N",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N",
        "AV:N/AC:L/Au:N/C:P/I:P/A:P"
      })
  void otherVectorsHaveNoScore(String vector) {
    assertThat(Cvss.score(vector)).isEmpty();
  }
}
