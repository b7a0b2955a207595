package dev.drover.agents.headerchecker;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Which addresses can be asked at all. */
final class Targets {
  private static final int LONGEST = 2_000;

  private Targets() {}

  static URI parse(String text) throws URISyntaxException {
    return checked(new URI(text));
  }

  /** http or https, with a host, without user name; a fragment never leaves. */
  static URI checked(URI uri) throws URISyntaxException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean usable =
        (scheme.equals("http") || scheme.equals("https"))
            && uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getPort() <= 65_535
            && uri.toString().length() <= LONGEST;
    if (!usable) {
      throw new URISyntaxException("", "no address that can be asked");
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new URI(new URI(scheme + "://" + uri.getRawAuthority() + path + query).toASCIIString());
  }
}
