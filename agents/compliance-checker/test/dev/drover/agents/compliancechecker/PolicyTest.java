package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

  @ParameterizedTest
  @CsvSource({
    "MIT, MIT, '', ALLOWED",
    "Apache-2.0, MIT, '', NOT_ALLOWED",
    "Apache-2.0, '', '', ALLOWED",
    "Apache-2.0, '', Apache-2.0, DENIED",
    "MIT, MIT, MIT, DENIED",
    "GPL-2.0-only, '', GPL-*, DENIED",
    "LGPL-2.1-only, '', GPL-*, ALLOWED",
    "Apache-2.0, Apache-*, '', ALLOWED",
    "MIT OR GPL-2.0-only, MIT, GPL-*, ALLOWED",
    "MIT AND GPL-2.0-only, MIT, GPL-*, DENIED",
    "MIT AND Apache-2.0, MIT, '', NOT_ALLOWED",
    "MIT AND (GPL-3.0-only OR Apache-2.0), 'MIT Apache-2.0', GPL-*, ALLOWED",
    "MPL-2.0 OR GPL-2.0-only, MIT, GPL-*, NOT_ALLOWED",
    "GPL-2.0-or-later, GPL-3.0-only, '', ALLOWED",
    "GPL-2.0-or-later, GPL-2.0-only, '', ALLOWED",
    "GPL-3.0-or-later, GPL-2.0-only, '', NOT_ALLOWED",
    "GPL-2.0-only, GPL-3.0-only, '', NOT_ALLOWED",
    "MPL-1.1+, MPL-2.0, '', ALLOWED",
    "MPL-1.1, MPL-2.0, '', NOT_ALLOWED",
    "GPL-2.0-or-later, LGPL-2.1-only, '', NOT_ALLOWED",
    "GPL-2.0-only WITH Classpath-exception-2.0, GPL-2.0-only, '', ALLOWED",
    "GPL-2.0-only WITH Classpath-exception-2.0, '', GPL-2.0-only, DENIED",
    "GPL-2.0-only WITH Classpath-exception-2.0, GPL-2.0-only_WITH_Classpath-exception-2.0, GPL-*, ALLOWED",
    "GPL-2.0-only WITH Classpath-exception-2.0, MIT, GPL-2.0-only_WITH_Classpath-exception-2.0, DENIED",
    "LicenseRef-ours, MIT, '', UNKNOWN",
    "LicenseRef-ours, LicenseRef-ours, '', ALLOWED",
    "LicenseRef-ours, '', LicenseRef-*, DENIED",
    "LicenseRef-ours OR MIT, MIT, '', ALLOWED",
    "LicenseRef-ours AND MIT, MIT, '', UNKNOWN"
  })
  void aChoiceNeedsOneAllowedLicenceAndWhatAppliesTogetherNeedsAll(
      String expression, String allow, String deny, Verdict.Kind kind) throws Exception {
    Policy policy = new Policy(words(allow), words(deny), Policy.Unknown.WARN, List.of());
    Verdict verdict = policy.judge(component("a"), resolution(expression));
    assertThat(verdict.kind()).as(verdict.reason()).isEqualTo(kind);
    assertThat(verdict.reason().isEmpty()).isEqualTo(kind == Verdict.Kind.ALLOWED);
  }

  @Test
  void theReasonNamesTheLicenceAndTheChoices() throws Exception {
    Policy policy = new Policy(List.of("MIT"), List.of("GPL-*"), Policy.Unknown.WARN, List.of());
    assertThat(policy.judge(component("a"), resolution("GPL-2.0-only OR MPL-2.0")).reason())
        .isEqualTo(
            "none of the choices in GPL-2.0-only OR MPL-2.0 is allowed: MPL-2.0 is not among the"
                + " allowed licences");
  }

  @Test
  void unknownLicencesCountAsThePolicyWants() {
    Resolution unknown = new Resolution(Optional.empty(), "", "", "it says nothing");
    for (Policy.Unknown how : Policy.Unknown.values()) {
      Policy policy = new Policy(List.of("MIT"), List.of(), how, List.of());
      Verdict verdict = policy.judge(component("a"), unknown);
      assertThat(verdict.kind()).isEqualTo(Verdict.Kind.UNKNOWN);
      assertThat(policy.violates(verdict)).isEqualTo(how == Policy.Unknown.DENY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "org.a:b, '', true",
    "org.a:*, '', true",
    "org.a:b@1.0, '', true",
    "org.a:b@2.0, '', false",
    "org.a, '', false",
    "org.a:b, GPL-2.0-only, true",
    "org.a:b, GPL-3.0-only, false",
    "*, 'MIT GPL-2.0-only', true",
    "org.a:(b), '', false"
  })
  void anExceptionIsForThePackagesVersionsAndLicencesThatItNames(
      String pattern, String licences, boolean excepted) throws Exception {
    Waiver waiver = new Waiver(pattern, words(licences), "asked the lawyers");
    Policy policy = new Policy(List.of(), List.of("GPL-*"), Policy.Unknown.WARN, List.of(waiver));
    Verdict verdict = policy.judge(component("org.a:b"), resolution("GPL-2.0-only"));
    assertThat(verdict.kind()).isEqualTo(excepted ? Verdict.Kind.EXCEPTED : Verdict.Kind.DENIED);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> word.replace('_', ' '))
        .toList();
  }

  private static Resolution resolution(String expression) throws NoExpression {
    return new Resolution(Optional.of(Tables.parser().parse(expression)), "test", expression, "");
  }

  private static Component component(String name) {
    return new Component(
        Component.Ecosystem.MAVEN,
        name,
        "1.0",
        Component.Role.DEPENDENCY,
        Place.in("pom.xml"),
        List.of());
  }
}
