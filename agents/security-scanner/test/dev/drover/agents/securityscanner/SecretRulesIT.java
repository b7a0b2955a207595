package dev.drover.agents.securityscanner;

import static dev.drover.agents.securityscanner.Samples.alphanumeric;
import static dev.drover.agents.securityscanner.Samples.base64;
import static dev.drover.agents.securityscanner.Samples.digits;
import static dev.drover.agents.securityscanner.Samples.hex;
import static dev.drover.agents.securityscanner.Samples.pem;
import static dev.drover.agents.securityscanner.Samples.random;
import static dev.drover.agents.securityscanner.Samples.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of the rule file, with what it must find and what it must leave alone. */
class SecretRulesIT {
  static final Path RULES = Path.of("agents", "security-scanner", "rules", "secrets.yaml");

  /** A file that has the secret, and the rule that must find it. */
  record Planted(String rule, String file, String before, String secret, String after) {
    String text() {
      return before + secret + after;
    }

    @Override
    public String toString() {
      return rule + " in " + file;
    }
  }

  private static final FileScanner SCANNER = new FileScanner(RuleFile.read(RULES));
  private static final String B32 = Samples.UPPER + "234567";

  @ParameterizedTest
  @MethodSource("planted")
  void aPlantedSecretIsFoundByItsRuleOnly(Planted planted) {
    List<Finding> findings = scan(planted.file(), "x\n" + planted.text() + "\ny\n");
    assertThat(findings).extracting(f -> f.rule().id()).containsExactly(planted.rule());
    assertThat(findings.get(0).line()).isEqualTo(2);
    assertThat(findings.get(0).match()).hasSizeLessThanOrEqualTo(Mask.PREFIX + 3);
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aPlantedSecretIsFoundInAHugeLine(Planted planted) {
    if (!planted.before().startsWith("\n") && planted.file().equals("a.py")) {
      String filler = "; ".repeat(10_000);
      assertThat(scan(planted.file(), filler + planted.text() + filler))
          .extracting(f -> f.rule().id())
          .containsExactly(planted.rule());
    }
  }

  @Test
  void everyRuleHasAPlantedSecret() {
    Set<String> rules =
        RuleFile.read(RULES).stream()
            .map(rule -> rule.info().id())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> planted =
        planted().map(Planted::rule).collect(Collectors.toCollection(TreeSet::new));
    assertThat(planted).isEqualTo(rules);
  }

  static Stream<Planted> planted() {
    return Stream.of(
            clouds(),
            otherClouds(),
            hosting(),
            messaging(),
            payment(),
            models(),
            keys(),
            addresses(),
            generic())
        .flatMap(List::stream);
  }

  private static List<Planted> clouds() {
    return List.of(
        in("a.py", "aws-access-key-id", "id = '", "AKIA" + random(B32, 16), "'"),
        in("a.py", "aws-access-key-id", "", "ASIA" + random(B32, 16), ""),
        in("a.py", "aws-secret-access-key", "aws_secret_access_key = \"", base64(40), "\""),
        in(".env", "aws-secret-access-key", "AWS_SECRET_ACCESS_KEY=", base64(40), ""),
        in(
            "sa.json",
            "gcp-service-account-key",
            "\"private_key\"" + ": \"" + pem("") + "\\n",
            base64(64) + "\\n" + base64(60),
            "\\n\""),
        in("a.py", "google-api-key", "k = \"", "AIza" + alphanumeric(35), "\""),
        in("a.py", "google-oauth-client-secret", "", "GOCSPX-" + alphanumeric(28), ""));
  }

  private static List<Planted> otherClouds() {
    return List.of(
        in("a.py", "azure-storage-key", "AccountName=a;AccountKey=", base64(86) + "==", ";"),
        in("a.py", "azure-client-secret", "s = '", "abC8Q~" + alphanumeric(34), "'"),
        in(
            "a.py",
            "azure-sas-signature",
            "https://a.blob.core.windows.net/c?se=2030&sig=",
            alphanumeric(43) + "%3D",
            ""),
        in("a.py", "digitalocean-token", "", "dop_v1_" + hex(64), ""),
        in("a.py", "heroku-api-key", "HEROKU_API_KEY=", uuid(), ""),
        in(
            "a.py",
            "terraform-cloud-token",
            "",
            alphanumeric(14) + ".atlasv1." + alphanumeric(64),
            ""),
        in("a.py", "vault-token", "", "hvs." + alphanumeric(90), ""),
        in("a.py", "databricks-token", "", "dapi" + hex(32), ""),
        in("a.py", "grafana-token", "", "glsa_" + alphanumeric(32) + "_" + hex(8), ""));
  }

  private static List<Planted> hosting() {
    return List.of(
        in("a.py", "github-token", "token = \"", "ghp_" + alphanumeric(36), "\""),
        in("a.py", "github-token", "https://", "ghs_" + alphanumeric(36), "@github.com/a/b"),
        in(
            "a.py",
            "github-fine-grained-token",
            "",
            "github_pat_" + alphanumeric(22) + "_" + alphanumeric(59),
            ""),
        in("a.py", "gitlab-token", "t: ", "glpat-" + alphanumeric(20), ""),
        in("a.py", "atlassian-token", "", "ATATT3" + alphanumeric(180), ""),
        in("a.py", "npm-token", "", "npm_" + alphanumeric(36), ""),
        in(
            ".npmrc",
            "npm-token",
            "//registry.npmjs.org/:_authToken=",
            "npm_" + alphanumeric(36),
            ""),
        in(".npmrc", "npmrc-auth", "_auth=", base64(40), ""),
        in("a.py", "pypi-token", "", "pypi-" + "AgEI" + alphanumeric(150), ""),
        in("a.py", "docker-hub-token", "", "dckr_pat_" + alphanumeric(27), ""),
        in("config.json", "docker-config-auth", "\"auth\": \"", base64(32), "\""));
  }

  private static List<Planted> messaging() {
    return List.of(
        in(
            "a.py",
            "slack-token",
            "",
            "xoxb-" + digits(12) + "-" + digits(12) + "-" + alphanumeric(24),
            ""),
        in(
            "a.py",
            "slack-webhook",
            "https://hooks.slack.com" + "/services/",
            "T" + alphanumeric(8) + "/B" + alphanumeric(8) + "/" + alphanumeric(24),
            ""),
        in(
            "a.py",
            "discord-webhook",
            "https://discord.com" + "/api/webhooks/" + digits(18) + "/",
            alphanumeric(68),
            ""),
        in(
            "a.py",
            "teams-webhook",
            "https://a.webhook.office.com" + "/webhookb2/",
            uuid() + "@" + uuid() + "/IncomingWebhook/" + hex(32),
            ""),
        in("a.py", "telegram-bot-token", "", digits(10) + ":AA" + alphanumeric(33), ""));
  }

  private static List<Planted> payment() {
    return List.of(
        in("a.py", "stripe-live-key", "", "sk_" + "live_" + alphanumeric(24), ""),
        in("a.py", "stripe-test-key", "", "sk_" + "test_" + alphanumeric(24), ""),
        in("a.py", "shopify-token", "", "shpat_" + hex(32), ""),
        in("a.py", "twilio-api-key", "", "SK" + hex(32), ""),
        in("a.py", "twilio-auth-token", "twilio_auth_token = '", hex(32), "'"),
        in("a.py", "sendgrid-key", "", "SG." + alphanumeric(22) + "." + alphanumeric(43), ""),
        in("a.py", "mailgun-key", "", "key-" + hex(32), ""));
  }

  private static List<Planted> models() {
    return List.of(
        in("a.py", "openai-key", "", "sk-" + alphanumeric(20) + "T3BlbkFJ" + alphanumeric(20), ""),
        in("a.py", "anthropic-key", "", "sk-ant-api03-" + alphanumeric(93), ""),
        in(
            "a.py",
            "hugging-face-token",
            "",
            "hf_" + random(Samples.UPPER + Samples.LOWER, 34),
            ""));
  }

  private static List<Planted> keys() {
    return List.of(
        in("id_rsa", "private-key", pem("RSA ") + "\n", base64(64), "\n" + base64(64)),
        in("k.pem", "private-key", pem("") + "\r\n", base64(64), "\r\n"),
        in("k.asc", "private-key", pemBlock() + "\nVersion: 1\n\n", base64(64), ""),
        in(
            "k.pem",
            "private-key",
            pem("RSA ") + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
            base64(64),
            ""),
        in("A.java", "private-key", "k = \"" + pem("EC ") + "\\n\"\n    + \"", base64(64), "\\n\""),
        in("v.yml", "private-key", "key: '" + pem("OPENSSH ") + "\n  ", base64(70), "'"),
        in("k.ppk", "putty-private-key", "Private-" + "Lines: 4\n", base64(64), ""),
        in(
            "a.txt",
            "age-secret-key",
            "",
            "AGE-SECRET-" + "KEY-1" + random("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
            ""),
        in("kube.cfg", "kubernetes-client-key", "    client-key-data: ", base64(400), ""),
        in(
            "a.py",
            "jwt",
            "",
            "eyJ" + alphanumeric(33) + ".eyJ" + alphanumeric(60) + "." + alphanumeric(43),
            ""));
  }

  private static List<Planted> addresses() {
    String word = alphanumeric(14);
    return List.of(
        in("a.py", "database-url", "postgres" + "ql://app:", word, "@db:5432/app"),
        in("a.py", "database-url", "mongodb" + "+srv://app:", word, "@c0.abc.mongodb.net"),
        in("a.py", "database-url", "redis:" + "//:", word, "@cache:6379"),
        in("a.py", "jdbc-password", "jdbc:mysql://db/app?user=a&pass" + "word=", word, ""),
        in("a.cs", "jdbc-password", "Server=db;Database=a;User Id=a;Pass" + "word=", word, ";"),
        in("a.py", "url-credentials", "https:" + "//app:", word, "@internal.net/x"),
        in("a.sh", "authorization-header", "curl -H 'Authorization: Bearer ", base64(40), "'"),
        in(".netrc", "netrc-password", "machine a.net login b password ", word, ""),
        in(
            ".htpasswd",
            "password-hash-file",
            "admin:",
            "$apr1$" + alphanumeric(8) + "$" + alphanumeric(22),
            ""),
        in(
            "shadow",
            "password-hash-file",
            "root:",
            "$6$" + alphanumeric(8) + "$" + alphanumeric(86),
            ":1"),
        in(".pgpass", "pgpass-password", "db:5432:app:app:", word, ""));
  }

  private static List<Planted> generic() {
    String word = alphanumeric(18);
    return List.of(
        in("a.py", "generic-password", "pass" + "word = \"", word, "\""),
        in("a.js", "generic-password", "{ apiKey: '", word, "' }"),
        in("a.json", "generic-password", "\"db_pass\": \"", word, "\""),
        in("A.java", "generic-password", "String sec" + "ret = \"", "p@ss" + word + "!", "\";"),
        in("a.go", "generic-password", "tok" + "en := `", word, "`"),
        in("a.rb", "generic-password", ":sec" + "ret => '", word, "'"),
        in("A.java", "generic-password-call", ".setPass" + "word(\"", word, "\")"),
        in("a.properties", "generic-setting", "db.pass" + "word=", word, ""),
        in("a.yml", "generic-setting", "  api_tok" + "en: ", word, "   # note"),
        in(".env", "generic-setting", "export SECRET_" + "KEY=", word, ""),
        in("a.php", "php-define", "define('AUTH_" + "KEY', '", "a b" + word + "|(", "');"),
        in("settings.xml", "generic-xml-password", "<pass" + "word>", word, "</password>"),
        in("a.txt", "generic-hex-secret", "api_" + "key = ", hex(40), ""),
        in("a.txt", "generic-base64-secret", "tok" + "en: ", base64(44), ""));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void whatOnlyLooksLikeASecretIsLeftAlone(String text) {
    for (String file : List.of("a.py", "a.yml", ".env", "a.json", "A.java", "settings.xml")) {
      assertThat(scan(file, text + "\n")).as(file).isEmpty();
    }
  }

  static Stream<String> harmless() {
    return Stream.concat(harmlessValues(), harmlessElsewhere());
  }

  private static Stream<String> harmlessValues() {
    return Stream.of(
        "password: ${DB_PASSWORD_2}",
        "password = \"${env.DB_PASSWORD_2}\"",
        "password = \"changeme123\"",
        "token = \"<token-1>\"",
        "secret: \"xxxxxxxx1\"",
        "api_key = \"your-api-key-1\"",
        "password = os.environ[\"DB_PASSWORD_1\"]",
        "token = getToken(\"user1\")",
        "String password = \"password1\";",
        "String TOKEN = \"([a-zA-Z0-9-!#$%&'*+.^_`{|}~]+)\";",
        "secretName: orders/db-password-v2",
        "token_url = \"https://login.internal/oauth2/token\"",
        "password_file: /run/secrets/db1");
  }

  private static Stream<String> harmlessElsewhere() {
    String sha = hex(40);
    return Stream.of(
        "id = AKIA" + "IOSFODNN7EXAMPLE",
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
        "revision: " + sha,
        "commit " + sha,
        "\"integrity\": \"sha512-" + base64(86) + "==\"",
        "request_id = \"" + uuid() + "\"",
        "secret = \"" + uuid() + "\"",
        "token = \"com.acme.auth.Token2Factory\"",
        "tokens: 4096",
        "https://user:password@host/path",
        "https://user:${PASSWORD}@internal.net/path",
        "https://internal.net:8443/a@b",
        "redis://localhost:6379/0",
        "postgresql://db:5432/app",
        "jdbc:mysql://db/app?user=a&password=${PW1}",
        "Authorization: Bearer ${TOKEN}",
        "\"Authorization: Bearer <access-token>\"",
        pem("RSA ") + "\n...\n",
        "if (line.equals(\"" + pem("") + "\")) {",
        "eyJhbGciOiJIUzI1NiJ9.e30",
        "sk_live_ and ghp_ are prefixes",
        "#define SK" + "0123456789 1",
        "hooks.slack.com/services/YOUR/WEBHOOK/URL");
  }

  @Test
  void noRuleIsSlowOnAHostileText() {
    for (SecretRule rule : RuleFile.read(RULES)) {
      StringBuilder text = new StringBuilder();
      for (String keyword : rule.keywords()) {
        for (String filler :
            List.of("a", "1", " ", "A1", "-", "=", "\"", ":a", "a:", "\\n", "eyJa.", keyword)) {
          text.append(keyword).append(filler.repeat(6000 / filler.length())).append('\n');
          text.append(keyword)
              .append("=\"")
              .append(filler.repeat(6000 / filler.length()))
              .append('\n');
        }
      }
      String path = rule.info().id().equals("npmrc-auth") ? ".npmrc" : "a.yml";
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> scan(path, text.toString()), rule.info().id());
    }
  }

  private static Planted in(String file, String rule, String before, String secret, String after) {
    return new Planted(rule, file, before, secret, after);
  }

  private static String pemBlock() {
    return "-----" + "BEGIN PGP " + "PRIVATE KEY" + " BLOCK-----";
  }

  private static List<Finding> scan(String file, String text) {
    return SCANNER.scan(file, text.getBytes(StandardCharsets.UTF_8)).findings();
  }
}
