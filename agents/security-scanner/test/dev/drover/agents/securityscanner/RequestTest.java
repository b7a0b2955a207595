package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

  @Test
  void theTargetAloneIsEnough() {
    Request request = read("{\"target\":\"x\"}");
    assertThat(request.target()).isEqualTo("x");
    assertThat(request.limits()).isEqualTo(Request.Limits.DEFAULT);
    assertThat(request.minSeverity()).isEqualTo(Severity.LOW);
    assertThat(request.files().skipDirectories()).contains("node_modules", "target", "vendor");
  }

  @Test
  void everyFieldIsTaken() {
    Request request =
        read(
            """
            {"target":"x","include":["*.a"],"exclude":["b/**"],"skipDirectories":[],
             "minSeverity":"high","maxFileSize":7,"maxFindings":3,
             "osv":"o","ignoreVulnerabilities":["CVE-1"],"sarif":true}
            """);
    assertThat(request.files().include()).containsExactly("*.a");
    assertThat(request.files().exclude()).containsExactly("b/**");
    assertThat(request.files().skipDirectories()).isEmpty();
    assertThat(request.minSeverity()).isEqualTo(Severity.HIGH);
    assertThat(request.limits()).isEqualTo(new Request.Limits(7, 3));
    assertThat(request.advisories())
        .isEqualTo(new Request.Advisories("o", false, List.of("CVE-1")));
    assertThat(request.sarif()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                   | target is missing
          {"target":"  "}                      | target is missing
          {"target":1}                         | target must be a string
          {"target":"x","deep":true}           | unknown field deep
          {"target":"x","minSeverity":"bad"}   | minSeverity is critical, high, medium or low
          {"target":"x","maxFindings":-1}      | maxFindings must be a whole number
          {"target":"x","maxFindings":99999999999999999999} | maxFindings must be a whole number
          {"target":"x","maxFileSize":1.5}     | maxFileSize must be a whole number
          {"target":"x","include":"*.a"}       | include must be a list
          {"target":"x","include":[["*.a"]]}   | include must be a string
          {"target":"x","osvApi":1}            | osvApi must be true or false
          {"target":"x","osv":"a","osvApi":true} | exclude each other
          {"target":"x"} {}                    | more than one JSON document
          [1]                                  | one JSON object
          {"target"                            | not valid JSON
          """)
  void aWrongRequestIsRefusedWithTheReason(String json, String reason) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            ScanException.class, e -> assertThat(e.exitCode()).isEqualTo(ScanException.BAD_INPUT))
        .hasMessageContaining(reason);
  }

  private static Request read(String json) {
    return Request.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }
}
