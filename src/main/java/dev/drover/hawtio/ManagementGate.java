package dev.drover.hawtio;

import dev.drover.api.BrowserRules;
import dev.drover.json.Json;
import dev.drover.security.Access;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What requests at the port of metrics pass. Metrics and health are for everybody who reaches it;
 * all else asks for what the API asks for, and is no business of other sites' pages.
 */
final class ManagementGate implements Filter {
  /** Hawtio's ways to other servers, and its own logins: the credential is asked for here. */
  private static final List<String> CLOSED =
      List.of("/proxy", "/keycloak", "/auth/login", "/auth/logout");

  private static final String HAWTIO = "/actuator/hawtio";
  private static final List<String> JOLOKIA = List.of("/actuator/jolokia", HAWTIO + "/jolokia");
  private static final int MAX_BODY = 1 << 20;
  private static final String BASIC = "Basic ";

  private final Access access;

  ManagementGate(Access access) {
    this.access = access;
  }

  private record Refusal(int status, String title, String detail) {}

  @Override
  public void doFilter(ServletRequest plain, ServletResponse reply, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) plain;
    Optional<Refusal> refusal = judge(request, path(request));
    if (refusal.isPresent()) {
      refuse((HttpServletResponse) reply, refusal.get());
    } else {
      chain.doFilter(plain, reply);
    }
  }

  private Optional<Refusal> judge(HttpServletRequest request, String path) {
    if (isUnder(path, "/metrics") || isUnder(path, "/health")) {
      return Optional.empty();
    }
    if (isForeign(request, path)) {
      return Optional.of(
          new Refusal(403, "Forbidden", "pages of other sites may not call this server"));
    }
    switch (verdict(request.getHeader("Authorization"))) {
      case UNAUTHENTICATED -> {
        return Optional.of(new Refusal(401, "Unauthorized", "a valid credential is needed"));
      }
      case FORBIDDEN -> {
        return Optional.of(
            new Refusal(403, "Forbidden", "this credential is of one project, and here are all"));
      }
      case ALLOWED -> {}
    }
    if (CLOSED.stream().anyMatch(closed -> isUnder(path, HAWTIO + closed))) {
      return Optional.of(new Refusal(404, "Not Found", "this part of Hawtio is switched off"));
    }
    return body(request);
  }

  /** Links from elsewhere lead to Hawtio's pages; nothing else comes from elsewhere. */
  private boolean isForeign(HttpServletRequest request, String path) {
    if (!access.isRequired() && !BrowserRules.isLoopbackHost(request)) {
      return true;
    }
    return !(BrowserRules.isNavigation(request) && isPage(path))
        && BrowserRules.isCrossSite(request);
  }

  private static boolean isPage(String path) {
    return isUnder(path, HAWTIO) && JOLOKIA.stream().noneMatch(way -> isUnder(path, way));
  }

  private Access.Verdict verdict(@Nullable String authorization) {
    Access.Verdict verdict = access.judgeForAll(authorization);
    Optional<String> token = password(authorization);
    return verdict == Access.Verdict.UNAUTHENTICATED && token.isPresent()
        ? access.judgeForAll("Bearer " + token.get())
        : verdict;
  }

  /** A browser asks for a user and a password only: the token may be given as the latter. */
  private static Optional<String> password(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(BASIC)) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Jolokia reads a body into memory, however long it is. */
  private static Optional<Refusal> body(HttpServletRequest request) {
    if (request.getHeader("Transfer-Encoding") != null) {
      return Optional.of(
          new Refusal(411, "Length Required", "say how long the body is: Content-Length"));
    }
    return request.getContentLengthLong() > MAX_BODY
        ? Optional.of(
            new Refusal(413, "Content too large", "the body has more than " + MAX_BODY + " bytes"))
        : Optional.empty();
  }

  /** As the container sees it when it looks for who answers. */
  private static String path(HttpServletRequest request) {
    String info = request.getPathInfo();
    return request.getServletPath() + (info == null ? "" : info);
  }

  private static boolean isUnder(String path, String parent) {
    return path.equals(parent) || path.startsWith(parent + "/");
  }

  private static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", refusal.title());
    problem.put("status", (long) refusal.status());
    problem.put("detail", refusal.detail());
    response.setStatus(refusal.status());
    response.setContentType("application/problem+json");
    if (refusal.status() == 401) {
      response.addHeader("WWW-Authenticate", "Basic realm=\"drover\", charset=\"UTF-8\"");
      response.addHeader("WWW-Authenticate", "Bearer");
    }
    response.getOutputStream().write(Json.print(problem).getBytes(StandardCharsets.UTF_8));
  }
}
