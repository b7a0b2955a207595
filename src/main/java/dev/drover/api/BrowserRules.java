package dev.drover.api;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a browser may do where nobody needs a credential, or where it adds one by itself. A page of
 * any site can make the browser of somebody at this machine send requests to loopback; browsers say
 * by {@code Sec-Fetch-Site} and {@code Origin} where a request comes from
 * (https://www.w3.org/TR/fetch-metadata/), and programs send neither.
 */
public final class BrowserRules {
  private static final Set<String> OWN = Set.of("same-origin", "none");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|.*\\.localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

  private BrowserRules() {}

  /** Whether another site's page sent the request. */
  static boolean isForeign(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !OWN.contains(site)) {
      return true;
    }
    String origin = request.getHeader("Origin");
    return origin != null && !isOwn(origin, request.getHeader("Host"));
  }

  /**
   * Whether another site's page sent the request, to a server under whatever name. Browsers send
   * the credentials that they know along with such requests.
   */
  public static boolean isCrossSite(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !OWN.contains(site)) {
      return true;
    }
    String origin = request.getHeader("Origin");
    return origin != null && !origin.matches("https?://" + quoted(request.getHeader("Host")));
  }

  /** Whether somebody follows a link: what is shown then, the page with the link cannot read. */
  public static boolean isNavigation(HttpServletRequest request) {
    return request.getMethod().equals("GET")
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "document".equals(request.getHeader("Sec-Fetch-Dest"));
  }

  /**
   * Whether the server was called by a loopback name. Where it listens on loopback alone, any other
   * name is one that somebody has made to lead here: DNS rebinding.
   */
  public static boolean isLoopbackHost(HttpServletRequest request) {
    return LOOPBACK.matcher(request.getServerName()).matches();
  }

  private static String quoted(@Nullable String host) {
    return host == null ? "" : Pattern.quote(host);
  }

  /** A name that leads to loopback but is no loopback name is another site's trick. */
  private static boolean isOwn(String origin, @Nullable String host) {
    try {
      URI uri = URI.create(origin);
      String name = uri.getHost();
      return name != null && LOOPBACK.matcher(name).matches() && uri.getAuthority().equals(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
