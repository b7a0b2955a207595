package dev.drover.agents.headerchecker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static final List<String> PERFECT =
      List.of(
          "Strict-Transport-Security: max-age=31536000; includeSubDomains",
          "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none';"
              + " form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options: nosniff",
          "Referrer-Policy: no-referrer",
          "Permissions-Policy: camera=(), geolocation=(self)",
          "Cross-Origin-Opener-Policy: same-origin",
          "Cross-Origin-Resource-Policy: same-origin",
          "Set-Cookie: __Host-id=1; Secure; HttpOnly; SameSite=Lax; Path=/",
          "Server: nginx");

  @Test
  void aSiteThatDoesEverythingLosesNothing() {
    assertThat(broken("https://a.example/", PERFECT)).isEmpty();
    assertThat(Grade.of(100)).isEqualTo(Grade.A_PLUS);
  }

  @Test
  void aBareSiteLosesMostAndAPlainOneMore() {
    assertThat(broken("https://a.example/", List.of()))
        .containsExactly(
            Rule.HSTS_MISSING,
            Rule.FRAMING,
            Rule.CSP_MISSING,
            Rule.NO_SNIFF,
            Rule.REFERRER_MISSING,
            Rule.PERMISSIONS_MISSING,
            Rule.OPENER_MISSING,
            Rule.RESOURCE_MISSING);
    assertThat(broken("http://a.example/", PERFECT)).containsExactly(Rule.NOT_ENCRYPTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Strict-Transport-Security: max-age=0|HSTS_MISSING",
        "Strict-Transport-Security: maximum|HSTS_MISSING",
        "Strict-Transport-Security: max-age=86400; includeSubDomains|HSTS_SHORT",
        "Strict-Transport-Security: max-age=\"31536000\"|HSTS_SUBDOMAINS",
        "X-Content-Type-Options: sniff|NO_SNIFF",
        "Referrer-Policy: never-heard-of|REFERRER_MISSING",
        "Referrer-Policy: no-referrer, unsafe-url|REFERRER_UNSAFE",
        "Permissions-Policy: geolocation=*, camera=()|PERMISSIONS_OPEN",
        "Cross-Origin-Opener-Policy: unsafe-none|OPENER_MISSING",
        "Cross-Origin-Resource-Policy: cross-origin|RESOURCE_MISSING",
        "Server: Apache/2.4.1 (Unix)|SERVER_VERSION",
        "X-Powered-By: PHP|TECHNOLOGY",
        "Access-Control-Allow-Origin: *|CORS_ANY",
        "Access-Control-Allow-Origin: https://origin.invalid|CORS_ANY",
        "Set-Cookie: a=1; HttpOnly; SameSite=Lax|COOKIE_SECURE",
        "Set-Cookie: a=1; Secure; SameSite=Lax|COOKIE_HTTP_ONLY",
        "Set-Cookie: a=1; Secure; HttpOnly|COOKIE_SAME_SITE",
        "Set-Cookie: __Host-a=1; Secure; HttpOnly; SameSite=Lax; Domain=a.example|COOKIE_PREFIX",
        "Content-Security-Policy: default-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'|CSP_UNSAFE_INLINE",
        "Content-Security-Policy: default-src 'self'; script-src 'self' 'unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'|CSP_UNSAFE_EVAL",
        "Content-Security-Policy: default-src 'self'; script-src https:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'|CSP_WILDCARD",
        "Content-Security-Policy: script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'|CSP_NO_DEFAULT",
        "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors *|FRAMING",
        "Content-Security-Policy: default-src 'self'; object-src *; base-uri 'none'; form-action 'self'; frame-ancestors 'self'|CSP_OBJECT",
        "Content-Security-Policy: default-src 'self'; form-action 'self'; frame-ancestors 'self'|CSP_BASE",
        "Content-Security-Policy: default-src 'self'; base-uri 'self'; frame-ancestors 'self'|CSP_FORM"
      })
  void oneFaultCostsItsOwnRuleAlone(String header, Rule rule) {
    assertThat(broken("https://a.example/", with(header))).containsExactly(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "script-src 'unsafe-inline' 'nonce-abc'",
        "script-src 'unsafe-inline' https: 'strict-dynamic' 'sha256-abc'",
        "script-src 'self'; script-src *"
      })
  void whatBrowsersIgnoreCostsNothing(String scripts) {
    String policy =
        "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'; form-action"
            + " 'self'; frame-ancestors 'none'; ";
    assertThat(broken("https://a.example/", with(policy + scripts))).isEmpty();
  }

  @Test
  void aSecondPolicyCanOnlyRestrictFurther() {
    List<String> headers = new ArrayList<>(PERFECT);
    headers.add("Content-Security-Policy: script-src * 'unsafe-inline' 'unsafe-eval'");
    assertThat(broken("https://a.example/", headers)).isEmpty();
  }

  @Test
  void aPolicyThatIsOnlyReportedDoesNotProtect() {
    List<String> headers = with("Content-Security-Policy-Report-Only: default-src 'self'");
    headers.removeIf(header -> header.startsWith("Content-Security-Policy:"));
    headers.add("X-Frame-Options: SAMEORIGIN");
    assertThat(broken("https://a.example/", headers))
        .containsExactly(Rule.FRAMING_OLD, Rule.CSP_REPORT_ONLY);
  }

  @Test
  void foreignSitesWithCredentialsAreWorseThanWithout() {
    List<String> headers = with("Access-Control-Allow-Origin: https://origin.invalid");
    headers.add("Access-Control-Allow-Credentials: true");
    assertThat(broken("https://a.example/", headers)).containsExactly(Rule.CORS_CREDENTIALS);
  }

  @Test
  void cookiesAreNamedAndNeverShownAndDeletedOnesDoNotCount() {
    List<String> headers = new ArrayList<>(PERFECT);
    headers.add("Set-Cookie: sid=S3CRET; HttpOnly; SameSite=None");
    headers.add("Set-Cookie: old=S3CRET; Max-Age=0");
    List<Deduction> deductions = Checks.of(response("https://a.example/", headers));
    assertThat(deductions)
        .extracting(Deduction::rule)
        .containsExactly(Rule.COOKIE_SECURE, Rule.COOKIE_NONE_INSECURE);
    assertThat(deductions).extracting(Deduction::seen).containsOnly("sid");
  }

  @Test
  void leavingEncryptionOnTheWayCosts() {
    Response.Redirect down =
        new Response.Redirect(
            URI.create("https://a.example/"), 302, URI.create("http://a.example/"));
    Response response =
        new Response(
            down.from(), URI.create("https://a.example/"), 200, headers(PERFECT), List.of(down));
    assertThat(Checks.of(response))
        .extracting(Deduction::rule)
        .containsExactly(Rule.REDIRECT_TO_PLAIN);
  }

  @ParameterizedTest
  @CsvSource({"100, A+", "99, A", "90, A", "80, B", "79, C", "60, D", "50, E", "49, F", "0, F"})
  void pointsGiveTheGrade(int score, String grade) {
    assertThat(Grade.of(score).word()).isEqualTo(grade);
  }

  /** The perfect site with one header in place of its own of that name, cookies included. */
  private static List<String> with(String header) {
    String name = header.substring(0, header.indexOf(':') + 1);
    List<String> headers = new ArrayList<>(PERFECT);
    headers.removeIf(own -> own.startsWith(name));
    headers.add(header);
    return headers;
  }

  private static List<Rule> broken(String address, List<String> headers) {
    return Checks.of(response(address, headers)).stream().map(Deduction::rule).toList();
  }

  private static Response response(String address, List<String> headers) {
    return new Response(URI.create(address), URI.create(address), 200, headers(headers), List.of());
  }

  private static List<Response.Header> headers(List<String> lines) {
    return lines.stream()
        .map(line -> line.split(": ", 2))
        .map(parts -> new Response.Header(parts[0], parts[1]))
        .toList();
  }
}
