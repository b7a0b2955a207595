package dev.drover.agents.headerchecker;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * What a server answered, and how one came there.
 *
 * @param asked the address that was given
 * @param address the last one, after redirects
 */
record Response(
    URI asked, URI address, int status, List<Header> headers, List<Redirect> redirects) {

  /** One header line. */
  record Header(String name, String value) {}

  /** One step on the way. */
  record Redirect(URI from, int status, URI to) {}

  Response {
    headers = List.copyOf(headers);
    redirects = List.copyOf(redirects);
  }

  boolean encrypted() {
    return isEncrypted(address);
  }

  static boolean isEncrypted(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  /** The values of all lines with that name. */
  List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** The lines with that name put together as HTTP puts them, in lower case; empty if none. */
  String joined(String name) {
    return String.join(", ", all(name)).strip().toLowerCase(Locale.ROOT);
  }
}
