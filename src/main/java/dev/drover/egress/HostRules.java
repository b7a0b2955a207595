package dev.drover.egress;

import dev.drover.egress.HostRule.Block;
import dev.drover.egress.HostRule.Name;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link HostRule}s as people write them. Nothing is looked up. */
public final class HostRules {
  private static final Pattern ENTRY =
      Pattern.compile("(?<host>[^:\\[\\]\\s]+|\\[[^\\]\\s]+])(:(?<port>\\d{1,6}))?");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern V4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final int LONGEST_ADDRESS = 45;

  private HostRules() {}

  /** A rule, or what is wrong with it. */
  public sealed interface Reading {
    /** It can be used. */
    record Good(HostRule rule) implements Reading {}

    /** It can't. */
    record Bad(String fault) implements Reading {}
  }

  /** Reads one entry. */
  public static Reading read(String text) {
    if (text.contains("://")) {
      return new Reading.Bad("\"" + text + "\" is a URL, not a host");
    }
    Matcher entry = ENTRY.matcher(text);
    if (!entry.matches()) {
      return new Reading.Bad("\"" + text + "\" is not a host");
    }
    OptionalInt port = OptionalInt.empty();
    if (entry.group("port") != null) {
      port = OptionalInt.of(Integer.parseInt(entry.group("port")));
      if (port.getAsInt() < 1 || port.getAsInt() > 65_535) {
        return new Reading.Bad(port.getAsInt() + " is not a port");
      }
    }
    return rule(entry.group("host").toLowerCase(Locale.ROOT), port)
        .<Reading>map(Reading.Good::new)
        .orElseGet(() -> new Reading.Bad("\"" + text + "\" is not a host"));
  }

  private static Optional<HostRule> rule(String host, OptionalInt port) {
    if (host.startsWith("[") || host.contains("/") || isNumeric(host)) {
      return block(host, port);
    }
    boolean below = host.startsWith("*.");
    String name = below ? host.substring(2) : host;
    return isName(name) ? Optional.of(new Name(name, below, port)) : Optional.empty();
  }

  private static Optional<HostRule> block(String host, OptionalInt port) {
    boolean bracketed = host.startsWith("[");
    String inner = bracketed ? host.substring(1, host.length() - 1) : host;
    String[] parts = inner.split("/", 2);
    InetAddress address = literal(parts[0]).orElse(null);
    if (address == null || bracketed != V6.matcher(parts[0]).matches()) {
      return Optional.empty();
    }
    List<Byte> bytes = new ArrayList<>();
    for (byte b : address.getAddress()) {
      bytes.add(b);
    }
    int bits = bytes.size() * 8;
    if (parts.length == 1) {
      return Optional.of(new Block(bytes, bits, port));
    }
    if (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > bits) {
      return Optional.empty();
    }
    return Optional.of(new Block(bytes, Integer.parseInt(parts[1]), port));
  }

  /** Whether it may be looked for at all: it is short, then, and has harmless characters only. */
  static boolean isHost(String text) {
    return isName(text) || literal(text).isPresent();
  }

  /** The address that is written there, if it is one in its usual form. */
  static Optional<InetAddress> literal(String text) {
    if (text.length() > LONGEST_ADDRESS) { // any number of leading zeros is read
      return Optional.empty();
    }
    if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty(); // such as 1.2.3.999
    }
  }

  /** Whether it is a name in lower case that no resolver reads as an address. */
  static boolean isName(String text) {
    if (text.isEmpty() || text.length() > 253 || isNumeric(text)) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  /** Resolvers read 127.1, 0x7f000001 and 2130706433 as addresses, too. */
  private static boolean isNumeric(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1);
    return last.matches("\\d+|0x[0-9a-f]*");
  }
}
