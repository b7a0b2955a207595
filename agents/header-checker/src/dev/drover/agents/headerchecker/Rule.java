package dev.drover.agents.headerchecker;

import java.util.Locale;

/** What costs points. The README has the same table; a test compares the two. */
enum Rule {
  NOT_ENCRYPTED(
      40, "The page comes without encryption.", "Serve it by https and redirect http there."),
  REDIRECT_TO_PLAIN(15, "A redirect leaves https for http.", "Redirect to https only."),
  HSTS_MISSING(
      15,
      "Strict-Transport-Security is missing or not valid.",
      "Send Strict-Transport-Security: max-age=31536000; includeSubDomains."),
  HSTS_SHORT(
      7, "Strict-Transport-Security lasts less than 180 days.", "Raise max-age to 31536000."),
  HSTS_SUBDOMAINS(
      2,
      "Strict-Transport-Security leaves subdomains out.",
      "Add includeSubDomains once all of them speak https."),
  CSP_MISSING(
      20,
      "Content-Security-Policy is missing.",
      "Start with default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'."),
  CSP_REPORT_ONLY(
      15,
      "Content-Security-Policy is only reported, not enforced.",
      "Send it as Content-Security-Policy."),
  CSP_NO_SCRIPT_SOURCE(
      15,
      "The policy has neither default-src nor script-src, so scripts may come from anywhere.",
      "Add default-src 'self'."),
  CSP_UNSAFE_INLINE(
      10, "The policy allows inline scripts.", "Replace 'unsafe-inline' by nonces or hashes."),
  CSP_UNSAFE_EVAL(5, "The policy allows eval.", "Remove 'unsafe-eval'."),
  CSP_WILDCARD(
      8,
      "The policy allows scripts from any host.",
      "List the hosts instead of *, http:, https: or data:."),
  CSP_NO_DEFAULT(
      3,
      "The policy has no default-src: what it does not name is free.",
      "Add default-src 'self'."),
  CSP_OBJECT(3, "The policy does not forbid plug-ins.", "Add object-src 'none'."),
  CSP_BASE(2, "The policy does not restrict base-uri.", "Add base-uri 'none' or 'self'."),
  CSP_FORM(1, "The policy does not restrict form-action.", "Add form-action 'self'."),
  FRAMING(
      8,
      "Any site may put the page into a frame.",
      "Send frame-ancestors in the policy, or X-Frame-Options: DENY."),
  FRAMING_OLD(
      2,
      "Only X-Frame-Options restricts framing; it is obsolete.",
      "Add frame-ancestors to the policy."),
  NO_SNIFF(8, "X-Content-Type-Options is not nosniff.", "Send X-Content-Type-Options: nosniff."),
  REFERRER_MISSING(
      3,
      "Referrer-Policy is missing.",
      "Send Referrer-Policy: strict-origin-when-cross-origin or stricter."),
  REFERRER_UNSAFE(
      5,
      "Referrer-Policy gives full addresses to other sites.",
      "Send Referrer-Policy: strict-origin-when-cross-origin or stricter."),
  PERMISSIONS_MISSING(
      3,
      "Permissions-Policy is missing.",
      "Switch off what the page does not need: camera=(), microphone=(), geolocation=()."),
  PERMISSIONS_OPEN(
      2, "Permissions-Policy gives a powerful feature to every site.", "Replace * by () or self."),
  OPENER_MISSING(
      2,
      "Cross-Origin-Opener-Policy is missing or unsafe-none.",
      "Send Cross-Origin-Opener-Policy: same-origin."),
  RESOURCE_MISSING(
      2,
      "Cross-Origin-Resource-Policy is missing or cross-origin.",
      "Send Cross-Origin-Resource-Policy: same-origin or same-site."),
  CORS_ANY(
      5,
      "Access-Control-Allow-Origin lets every site read the answer.",
      "Name the sites that may, if any."),
  CORS_CREDENTIALS(
      15,
      "Access-Control-Allow-Origin gives answers to a foreign site with the user's credentials.",
      "Compare Origin with a list of your own sites."),
  COOKIE_SECURE(8, "A cookie may travel unencrypted.", "Add Secure."),
  COOKIE_HTTP_ONLY(4, "Scripts can read a cookie.", "Add HttpOnly, unless scripts need it."),
  COOKIE_SAME_SITE(
      3, "A cookie does not say which sites may send it.", "Add SameSite=Lax or Strict."),
  COOKIE_NONE_INSECURE(
      4, "A cookie has SameSite=None without Secure; browsers refuse it.", "Add Secure."),
  COOKIE_PREFIX(
      3,
      "A cookie's __Host- or __Secure- prefix promises what its attributes don't keep.",
      "Give it Secure, and for __Host- Path=/ and no Domain."),
  SERVER_VERSION(
      2,
      "A header tells the version of the server's software.",
      "Leave the version out of Server."),
  TECHNOLOGY(2, "A header tells what the site is built with.", "Remove X-Powered-By and the like.");

  private final int points;
  private final String words;
  private final String remedy;

  Rule(int points, String words, String remedy) {
    this.points = points;
    this.words = words;
    this.remedy = remedy;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int points() {
    return points;
  }

  String words() {
    return words;
  }

  String remedy() {
    return remedy;
  }
}
