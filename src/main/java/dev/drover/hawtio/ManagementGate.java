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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.util.UriUtils;

/**
 * What requests at the port of metrics pass. Metrics and health are for everybody who reaches it;
 * all else asks for what the API asks for, and is no business of other sites' pages.
 */
final class ManagementGate implements Filter {
  /** Hawtio's ways to other servers, and its own logins: the credential is asked for here. */
  private static final List<String> CLOSED =
      List.of("/proxy", "/keycloak", "/auth/login", "/auth/logout");

  private static final List<String> OPEN = List.of("/metrics", "/health");
  private static final String HAWTIO = "/actuator/hawtio";
  private static final List<String> JOLOKIA = List.of("/actuator/jolokia", HAWTIO + "/jolokia");
  private static final int MAX_BODY = 1 << 20;

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
    if (isOpen(request, path)) {
      return Optional.empty();
    }
    if (!isPlain(request, path)) {
      return Optional.of(
          new Refusal(400, "Bad Request", "the path has '..', '//' or ';' in it: leave them out"));
    }
    if (isForeign(request, path)) {
      return Optional.of(
          new Refusal(403, "Forbidden", "pages of other sites may not call this server"));
    }
    switch (access.judgeForAll(request.getHeader("Authorization"))) {
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

  /** What is open is asked for by its plain name: of no other way there can two opinions exist. */
  private static boolean isOpen(HttpServletRequest request, String path) {
    return request.getRequestURI().equals(path)
        && OPEN.stream().anyMatch(open -> isUnder(path, open));
  }

  /**
   * Whether the path leads where it says. The container resolves {@code ..} and leaves out what
   * follows a {@code ;}, and those who answer do not: what was judged would be another thing.
   */
  private static boolean isPlain(HttpServletRequest request, String path) {
    return UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8).equals(path);
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

  /** As the container sees it: decoded and resolved. */
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
