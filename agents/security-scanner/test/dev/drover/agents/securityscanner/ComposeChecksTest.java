package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeChecksTest {
  private static final FileScanner SCANNER = new FileScanner(List.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged: true                                    | privileged
          network_mode: host                                  | host-network
          pid: host                                           | host-namespace
          ipc: "host"                                         | host-namespace
          userns_mode: host                                   | host-namespace
          user: root                                          | root-user
          user: "0:0"                                         | root-user
          cap_add: [ALL]                                      | capability
          cap_add: [CAP_SYS_ADMIN, CHOWN]                     | capability
          security_opt: [seccomp:unconfined]                  | unconfined
          security_opt: ["apparmor=unconfined"]               | unconfined
          volumes: ["/var/run/docker.sock:/x:ro"]             | docker-socket
          volumes: [{type: bind, source: /run/docker.sock, target: /x}] | docker-socket
          volumes: ["/:/host"]                                | host-path
          volumes: ["/etc/:/host/etc:ro"]                     | host-path
          ports: ["5432:5432"]                                | open-port
          ports: ["0.0.0.0:5432:5432/tcp"]                    | open-port
          ports: ["${PORT:-5432}:5432"]                       | open-port
          ports: [6379]                                       | open-port
          ports: [{target: 27017, published: 1}]              | open-port
          environment: {DB_PASSWORD: hunter22x}               | plain-password
          environment: ["DB_PASSWORD=hunter22x"]              | plain-password
          environment: {POSTGRES_PASSWORD: postgres}          | plain-password
          environment: {API_KEY: "${KEY:-hunter22x}"}         | default-password
          environment: {MYSQL_ALLOW_EMPTY_PASSWORD: "yes"}    | no-password
          environment: {POSTGRES_HOST_AUTH_METHOD: trust}     | no-password
          build: {context: ., args: {NPM_TOKEN: hunter22x}}   | plain-password
          image: postgres                                     | unpinned-image
          image: r.org:5000/postgres:latest                   | unpinned-image
          image: "postgres:${TAG:-latest}"                    | unpinned-image
          """,
      quoteCharacter = '~')
  void aFaultySettingIsFound(String setting, String rule) {
    assertThat(rules("services:\n  a:\n    " + setting)).containsExactly(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged: false
          network_mode: bridge
          user: "1000:1000"
          cap_add: [CHOWN]
          cap_drop: [ALL]
          security_opt: ["no-new-privileges:true"]
          volumes: ["data:/var/lib/postgresql", "./etc:/etc"]
          ports: ["127.0.0.1:5432:5432"]
          ports: ["${BIND:-127.0.0.1}:5432:5432"]
          ports: ["8080:80"]
          ports: [{target: 5432, published: 5432, host_ip: 127.0.0.1}]
          environment: {DB_PASSWORD: "${DB_PASSWORD}"}
          environment: {DB_PASSWORD: "${DB_PASSWORD:?set it}"}
          environment: {DB_PASSWORD: "$DB_PASSWORD"}
          environment: {DB_PASSWORD_FILE: /run/secrets/db, DB_PASSWORD: ""}
          environment: [DB_PASSWORD, "TOKEN_LIFETIME=3600"]
          environment: {MAX_TOKEN: 4096, TOKEN: "true"}
          image: postgres:17.2
          image: "postgres:${TAG}"
          image: "{imageName}"
          {build: ., image: mine}
          """,
      quoteCharacter = '~')
  void aSoundSettingIsLeftAlone(String setting) {
    assertThat(rules("services:\n  a:\n    " + setting)).isEmpty();
  }

  @Test
  void whatAServiceMergesInIsFoundOnceWhereItStands() {
    String yaml =
        """
        x-base: &base
          privileged: true
        services:
          a: {<<: *base}
          b: {<<: [*base]}
        """;
    List<Finding> findings = scan(yaml);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).line()).isEqualTo(2);
    assertThat(findings.get(0).column()).isEqualTo(15);
  }

  @Test
  void columnsAreRightBehindOtherLetters() {
    Finding finding = scan("services: {\u00e4\u20ac: {pid: host}}").get(0);
    assertThat(finding.line()).isEqualTo(1);
    assertThat(finding.column()).isEqualTo(22);
  }

  @Test
  void theValueOfASecretIsNotShown() {
    String yaml = "services: {a: {environment: {DB_PASSWORD: hunter22x}}}";
    assertThat(scan(yaml).get(0).match()).isEqualTo("DB_PASSWORD=***");
  }

  @Test
  void oddShapesAreNoTrouble() {
    for (String yaml :
        List.of(
            "",
            "7",
            "services: 7",
            "services: [a]",
            "services: {a: 7, b: {ports: x}}",
            "services: {a: {environment: {[x]: y}, volumes: [[x]]}}",
            "a: 1\n---\nb: 2\n")) {
      assertThat(scan(yaml)).isEmpty();
    }
  }

  @Test
  void composeFilesAreKnownByTheirNames() {
    assertThat(
            List.of(
                "compose.yaml", "x/docker-compose.prod.yml", "compose.dev.yml", "a.compose.yml"))
        .allMatch(ComposeFile::isOne);
    assertThat(List.of("composer.yaml", "values.yaml", "compose.txt"))
        .noneMatch(ComposeFile::isOne);
  }

  private static List<String> rules(String yaml) {
    return scan(yaml).stream().map(f -> f.rule().id().replace("compose-", "")).toList();
  }

  private static List<Finding> scan(String yaml) {
    return SCANNER.scan("compose.yaml", yaml.getBytes(StandardCharsets.UTF_8)).findings();
  }
}
