package dev.drover.egress;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first lines of what a client sends to the proxy. A connection serves one request: further
 * ones on it would go to the same host, whatever they say.
 */
sealed interface RequestHead {
  Pattern REQUEST = Pattern.compile("([A-Z]{1,20}) (\\S+) HTTP/1\\.[01]");
  Pattern AUTHORITY = Pattern.compile("([^:\\[\\]@/?#]+|\\[[0-9a-fA-F:.]+])(?::(\\d{1,5}))?");
  Pattern ABSOLUTE = Pattern.compile("(?i:http)://([^/?#]*)([/?][^#]*)?");
  Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e\\x80-\\xff]*");
  Pattern OURS =
      Pattern.compile("(?i)(connection|keep-alive|proxy-[a-z-]+|host|upgrade|te|trailer):.*");

  /**
   * A request that can be carried.
   *
   * @param host in lower case; addresses without brackets
   * @param forward what the host is sent first, in ISO 8859-1; nothing for a tunnel
   */
  record Request(String host, int port, boolean tunnel, String forward) implements RequestHead {
    /** For people. */
    String where() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** A request that can't. */
  record Bad(String why) implements RequestHead {}

  /** Reads the lines before the empty one. */
  static RequestHead read(byte[] head) {
    String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    Matcher request = REQUEST.matcher(lines[0]);
    List<String> headers = List.of(lines).subList(1, lines.length);
    if (!request.matches() || !headers.stream().allMatch(h -> HEADER.matcher(h).matches())) {
      return new Bad("not an HTTP/1.1 request");
    }
    String method = request.group(1);
    String target = request.group(2);
    if (method.equals("CONNECT")) {
      return tunnel(target);
    }
    Matcher absolute = ABSOLUTE.matcher(target);
    return absolute.matches()
        ? plain(method, absolute, headers)
        : new Bad("a proxy is asked with CONNECT host:port, or METHOD http://host/path");
  }

  private static RequestHead tunnel(String target) {
    Matcher authority = AUTHORITY.matcher(target);
    if (!authority.matches() || authority.group(2) == null) {
      return new Bad("CONNECT needs host:port");
    }
    return request(authority, 0, true, "");
  }

  private static RequestHead plain(String method, Matcher absolute, List<String> headers) {
    Matcher authority = AUTHORITY.matcher(absolute.group(1));
    if (!authority.matches()) {
      return new Bad("\"" + absolute.group(1) + "\" is not a host");
    }
    String rest = absolute.group(2) == null ? "/" : absolute.group(2);
    StringBuilder forward = new StringBuilder(method).append(' ');
    forward.append(rest.startsWith("/") ? rest : "/" + rest).append(" HTTP/1.1\r\n");
    // The host that was checked, not another that the header may name.
    forward.append("Host: ").append(absolute.group(1)).append("\r\n");
    headers.stream()
        .filter(h -> !OURS.matcher(h).matches())
        .forEach(h -> forward.append(h).append("\r\n"));
    forward.append("Connection: close\r\n\r\n");
    return request(authority, 80, false, forward.toString());
  }

  private static RequestHead request(Matcher authority, int port, boolean tunnel, String forward) {
    String host = authority.group(1).toLowerCase(Locale.ROOT);
    host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int asked = authority.group(2) == null ? port : Integer.parseInt(authority.group(2));
    if (asked < 1 || asked > 65_535) {
      return new Bad(asked + " is not a port");
    }
    if (!HostRules.isHost(host)) {
      return new Bad("what is asked for is neither a host's name nor an address");
    }
    return new Request(host, asked, tunnel, forward);
  }
}
