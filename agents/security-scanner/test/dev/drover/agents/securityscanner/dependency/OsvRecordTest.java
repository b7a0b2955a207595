package dev.drover.agents.securityscanner.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsvRecordTest {

  private static Dependency dependency(Ecosystem ecosystem, String name, String version) {
    return new Dependency(ecosystem, name, version, "f", 1, 1);
  }

  private static boolean affects(Ecosystem ecosystem, String events, String version)
      throws Exception {
    return !found(
            List.of(record("X-1", ecosystem, "p", events, "")), dependency(ecosystem, "p", version))
        .isEmpty();
  }

  /** Events as in {@code introduced 0, fixed 1.2}. */
  private static String record(
      String id, Ecosystem ecosystem, String name, String events, String more) {
    List<String> list = new ArrayList<>();
    for (String event : events.split(", ", -1)) {
      String[] words = event.split(" ", -1);
      list.add("{\"" + words[0] + "\":\"" + words[1] + "\"}");
    }
    return "{\"id\":\""
        + id
        + "\""
        + more
        + ",\"affected\":[{\"package\":{\"ecosystem\":\""
        + ecosystem.osvName()
        + "\",\"name\":\""
        + name
        + "\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":["
        + String.join(",", list)
        + "]}]}]}";
  }

  private static List<Vulnerability> found(List<String> records, Dependency dependency)
      throws Exception {
    Findings findings = new Findings(Set.of(dependency));
    OsvReader reader = new OsvReader(findings::knows);
    for (String record : records) {
      reader.read(record.getBytes(StandardCharsets.UTF_8)).ifPresent(findings::add);
    }
    return findings.vulnerabilities();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAVEN | introduced 0, fixed 2.15.0                                  | 2.14.1 | true",
        "MAVEN | introduced 0, fixed 2.15.0                                  | 2.15.0 | false",
        "MAVEN | introduced 2.0-beta9, fixed 2.15.0                          | 2.0-beta8 | false",
        "MAVEN | introduced 2.0-beta9, fixed 2.15.0                          | 2.0-rc1 | true",
        "MAVEN | introduced 1.0, fixed 1.5, introduced 2.0, fixed 2.3        | 1.7 | false",
        "MAVEN | introduced 2.0, fixed 2.3, introduced 1.0, fixed 1.5        | 2.1 | true",
        "MAVEN | introduced 0, last_affected 31.1-jre                        | 31.1-jre | true",
        "MAVEN | introduced 0, last_affected 31.1-jre                        | 32.0.0-jre | false",
        "NPM   | introduced 4.0.0, fixed 4.17.21                             | 4.17.20 | true",
        "NPM   | introduced 4.0.0, fixed 4.17.21                             | 4.17.21-beta.1 | true",
        "NPM   | introduced 0, fixed 2.0.0, limit 1.5.0                      | 1.6.0 | false",
        "NPM   | introduced 0, fixed 2.0.0, limit 1.5.0                      | 1.4.0 | true",
        "NPM   | introduced 0, fixed 2.0.0, limit *                          | 1.6.0 | true",
        "PYPI  | introduced 0, fixed 1.0                                     | 1.0rc1 | true",
        "PYPI  | introduced 0, fixed 1.0                                     | 1.0.post1 | false",
        "PYPI  | introduced 1.10, fixed 1.11                                 | 1.9 | false",
        "GO    | introduced 0, fixed 0.0.0-20220906165146-f3363e06e74c       | 0.0.0-20210101000000-abcdefabcdef | true",
        "GO    | introduced 0, fixed 0.7.0                                   | 0.7.0+incompatible | false",
        "GO    | introduced 0                                                | 0.0.0-20210101000000-abcdefabcdef | true",
      })
  void rangesHoldWhatTheFormatSays(
      Ecosystem ecosystem, String events, String version, boolean affected) throws Exception {
    assertThat(affects(ecosystem, events, version)).isEqualTo(affected);
  }

  @Test
  void listedVersionsCountToo() throws Exception {
    String record =
        "{\"affected\":[{\"versions\":[\"1.0\",\"1.1\"],\"package\":{\"name\":\"My_Package\",\"ecosystem\":\"PyPI\"}}],\"id\":\"PYSEC-1\"}";
    assertThat(found(List.of(record), dependency(Ecosystem.PYPI, "my.package", "1.1"))).hasSize(1);
    assertThat(found(List.of(record), dependency(Ecosystem.PYPI, "my-package", "1.2"))).isEmpty();
  }

  @Test
  void aliasesAreOneFaultAndTheLatestFixMendsAll() throws Exception {
    List<Vulnerability> found =
        found(
            List.of(
                record(
                    "PYSEC-2",
                    Ecosystem.PYPI,
                    "p",
                    "introduced 0, fixed 1.5",
                    ",\"aliases\":[\"CVE-1\"],\"database_specific\":{\"severity\":\"LOW\"}"),
                record(
                    "GHSA-x",
                    Ecosystem.PYPI,
                    "p",
                    "introduced 0, fixed 1.6",
                    ",\"aliases\":[\"CVE-1\"],\"summary\":\"S\",\"severity\":[{\"type\":\"CVSS_V4\",\"score\":\"CVSS:4.0/AV:N\"},"
                        + "{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"}]"),
                record("OTHER-1", Ecosystem.PYPI, "p", "introduced 0", "")),
            dependency(Ecosystem.PYPI, "p", "1.0"));
    assertThat(found).hasSize(2);
    Vulnerability merged =
        found.stream().filter(each -> each.ids().size() == 3).findFirst().orElseThrow();
    assertThat(merged.ids()).containsExactly("GHSA-x", "CVE-1", "PYSEC-2");
    assertThat(merged.fixed()).containsExactly("1.5", "1.6");
    assertThat(merged.rating()).isEqualTo("critical");
    assertThat(merged.summary()).isEqualTo("S");
  }

  @Test
  void aRatingOfTheDatabaseServesWhereNoVectorCanBeComputed() throws Exception {
    String record =
        record(
            "GHSA-1",
            Ecosystem.NPM,
            "p",
            "introduced 0",
            ",\"severity\":[{\"type\":\"CVSS_V4\",\"score\":\"CVSS:4.0/AV:N\"}],\"database_specific\":{\"cwe_ids\":[\"x\"],\"severity\":\"MODERATE\"}");
    assertThat(found(List.of(record), dependency(Ecosystem.NPM, "p", "1.0.0")).get(0).rating())
        .isEqualTo("medium");
    String malicious = record("MAL-1", Ecosystem.NPM, "p", "introduced 0", "");
    assertThat(found(List.of(malicious), dependency(Ecosystem.NPM, "p", "1.0.0")).get(0).rating())
        .isEqualTo("critical");
  }

  @Test
  void withdrawnAndForeignRecordsAndCommitRangesSayNothing() throws Exception {
    Dependency dependency = dependency(Ecosystem.NPM, "p", "1.0.0");
    assertThat(
            found(
                List.of(
                    record(
                        "W-1",
                        Ecosystem.NPM,
                        "p",
                        "introduced 0",
                        ",\"withdrawn\":\"2024-01-01T00:00:00Z\""),
                    record("F-1", Ecosystem.NPM, "q", "introduced 0", ""),
                    record("F-2", Ecosystem.PYPI, "p", "introduced 0", ""),
                    record("G-1", Ecosystem.NPM, "p", "introduced 0", "")
                        .replace("ECOSYSTEM", "GIT"),
                    "[]",
                    "{\"id\":\"E-1\",\"affected\":\"x\"}"),
                dependency))
        .isEmpty();
  }
}
