package dev.drover.agents.headerchecker;

import dev.drover.agents.kit.PlainText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at one answer and takes off points. A rule costs its points once, however often it is
 * broken.
 */
final class Checks {
  private static final int LONGEST = 200;
  private static final long HALF_A_YEAR = 180L * 24 * 3600;
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|;)\\s*max-age\\s*=\\s*\"?([0-9]{1,18})\"?\\s*(?:;|$)");
  private static final Pattern VERSION = Pattern.compile("/\\s*v?[0-9]|[0-9]+\\.[0-9]+");
  private static final Pattern OPEN_FEATURE =
      Pattern.compile(
          "(?:^|[,\\s])(camera|microphone|geolocation|payment|usb|display-capture|midi|serial|bluetooth)\\s*=\\s*(\\*|\\(\\s*\\*\\s*\\))");
  private static final Set<String> REFERRER =
      Set.of(
          "no-referrer",
          "no-referrer-when-downgrade",
          "origin",
          "origin-when-cross-origin",
          "same-origin",
          "strict-origin",
          "strict-origin-when-cross-origin",
          "unsafe-url");
  private static final Set<String> REFERRER_UNSAFE =
      Set.of("unsafe-url", "no-referrer-when-downgrade");
  private static final List<String> TECHNOLOGY =
      List.of("x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator");

  private final Response response;
  private final List<Deduction> deductions = new ArrayList<>();

  private Checks(Response response) {
    this.response = response;
  }

  static List<Deduction> of(Response response) {
    Checks checks = new Checks(response);
    checks.transport();
    checks.content();
    checks.hints();
    checks.crossOrigin();
    checks.cookies();
    checks.leaks();
    return List.copyOf(checks.deductions);
  }

  private void transport() {
    boolean down =
        response.redirects().stream()
            .anyMatch(r -> Response.isEncrypted(r.from()) && !Response.isEncrypted(r.to()));
    when(down, Rule.REDIRECT_TO_PLAIN, "");
    if (!response.encrypted()) {
      when(true, Rule.NOT_ENCRYPTED, "");
      return; // browsers ignore Strict-Transport-Security there
    }
    // Of several headers browsers take the first.
    String header =
        response.all("Strict-Transport-Security").stream()
            .findFirst()
            .orElse("")
            .toLowerCase(Locale.ROOT);
    Matcher maxAge = MAX_AGE.matcher(header);
    long seconds = maxAge.find() ? Long.parseLong(maxAge.group(1)) : 0;
    when(seconds == 0, Rule.HSTS_MISSING, header);
    when(seconds > 0 && seconds < HALF_A_YEAR, Rule.HSTS_SHORT, header);
    when(seconds > 0 && !header.contains("includesubdomains"), Rule.HSTS_SUBDOMAINS, header);
  }

  private void content() {
    List<String> headers = response.all("Content-Security-Policy");
    List<ContentPolicy> policies = ContentPolicy.parse(headers);
    boolean restricted = policies.stream().anyMatch(ContentPolicy::restrictsFraming);
    String frames = response.joined("X-Frame-Options");
    boolean old = frames.equals("deny") || frames.equals("sameorigin");
    when(!restricted && !old, Rule.FRAMING, frames);
    when(!restricted && old, Rule.FRAMING_OLD, frames);
    if (policies.isEmpty()) {
      String reported = response.joined("Content-Security-Policy-Report-Only");
      when(!reported.isEmpty(), Rule.CSP_REPORT_ONLY, reported);
      when(reported.isEmpty(), Rule.CSP_MISSING, "");
      return;
    }
    String seen = String.join(", ", headers);
    boolean silent = all(policies, p -> p.scripts().isEmpty());
    when(silent, Rule.CSP_NO_SCRIPT_SOURCE, seen);
    when(
        !silent && all(policies, ContentPolicy::allowsInlineScripts), Rule.CSP_UNSAFE_INLINE, seen);
    when(!silent && all(policies, ContentPolicy::allowsEval), Rule.CSP_UNSAFE_EVAL, seen);
    when(
        !silent && all(policies, ContentPolicy::allowsScriptsFromAnywhere),
        Rule.CSP_WILDCARD,
        seen);
    when(!silent && all(policies, p -> !p.has("default-src")), Rule.CSP_NO_DEFAULT, seen);
    when(all(policies, ContentPolicy::allowsPlugins), Rule.CSP_OBJECT, seen);
    when(all(policies, p -> !p.has("base-uri")), Rule.CSP_BASE, seen);
    when(all(policies, p -> !p.has("form-action")), Rule.CSP_FORM, seen);
  }

  /** All policies are enforced, so something is possible only if each of them allows it. */
  private static boolean all(List<ContentPolicy> policies, Predicate<ContentPolicy> allows) {
    return policies.stream().allMatch(allows);
  }

  private void hints() {
    String sniff = response.joined("X-Content-Type-Options");
    when(!sniff.split(",", -1)[0].strip().equals("nosniff"), Rule.NO_SNIFF, sniff);
    String referrer = response.joined("Referrer-Policy");
    // Browsers take the last one that they know.
    Optional<String> known =
        Arrays.stream(referrer.split(",", -1))
            .map(String::strip)
            .filter(REFERRER::contains)
            .reduce((first, second) -> second);
    when(known.isEmpty(), Rule.REFERRER_MISSING, referrer);
    when(known.filter(REFERRER_UNSAFE::contains).isPresent(), Rule.REFERRER_UNSAFE, referrer);
    String permissions = response.joined("Permissions-Policy");
    when(permissions.isEmpty(), Rule.PERMISSIONS_MISSING, "");
    when(OPEN_FEATURE.matcher(permissions).find(), Rule.PERMISSIONS_OPEN, permissions);
  }

  private void crossOrigin() {
    String opener = response.joined("Cross-Origin-Opener-Policy");
    when(opener.isEmpty() || opener.startsWith("unsafe-none"), Rule.OPENER_MISSING, opener);
    String resource = response.joined("Cross-Origin-Resource-Policy");
    when(
        !resource.equals("same-origin") && !resource.equals("same-site"),
        Rule.RESOURCE_MISSING,
        resource);
    String origin = response.joined("Access-Control-Allow-Origin");
    boolean credentials = response.joined("Access-Control-Allow-Credentials").equals("true");
    boolean foreign = origin.equals("null") || origin.equals(Fetcher.ORIGIN);
    when(credentials && foreign, Rule.CORS_CREDENTIALS, origin);
    when(origin.equals("*") || (!credentials && foreign), Rule.CORS_ANY, origin);
  }

  private void cookies() {
    List<Cookie> cookies =
        response.all("Set-Cookie").stream()
            .map(Cookie::parse)
            .filter(cookie -> !cookie.isDeletion())
            .toList();
    cookies(cookies, cookie -> !cookie.has("secure"), Rule.COOKIE_SECURE);
    cookies(cookies, cookie -> !cookie.has("httponly"), Rule.COOKIE_HTTP_ONLY);
    cookies(cookies, cookie -> !cookie.has("samesite"), Rule.COOKIE_SAME_SITE);
    cookies(
        cookies,
        cookie -> cookie.isSameSite("none") && !cookie.has("secure"),
        Rule.COOKIE_NONE_INSECURE);
    cookies(cookies, Cookie::breaksItsPrefix, Rule.COOKIE_PREFIX);
  }

  private void cookies(List<Cookie> cookies, Predicate<Cookie> breaks, Rule rule) {
    List<String> names = cookies.stream().filter(breaks).map(Cookie::name).toList();
    when(!names.isEmpty(), rule, String.join(", ", names));
  }

  private void leaks() {
    String server = response.joined("Server");
    when(VERSION.matcher(server).find(), Rule.SERVER_VERSION, server);
    String found =
        TECHNOLOGY.stream()
            .filter(name -> !response.all(name).isEmpty())
            .map(name -> name + ": " + response.joined(name))
            .reduce((one, other) -> one + "; " + other)
            .orElse("");
    when(!found.isEmpty(), Rule.TECHNOLOGY, found);
  }

  private void when(boolean broken, Rule rule, String seen) {
    if (broken) {
      deductions.add(new Deduction(rule, PlainText.cut(PlainText.oneLine(seen), LONGEST)));
    }
  }
}
