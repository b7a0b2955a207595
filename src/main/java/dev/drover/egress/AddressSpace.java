package dev.drover.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tells public addresses from those that lead inside: to this host, into its networks, to a cloud's
 * metadata. A name that anybody can register may lead to any of them.
 */
final class AddressSpace {
  private record Range(String what, HostList addresses) {}

  private static final List<Range> INSIDE =
      List.of(
          range("this host", "0.0.0.0/8", "127.0.0.0/8", "[::/127]"),
          range(
              "a private address",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "100.64.0.0/10",
              "198.18.0.0/15",
              "[fc00::/7]",
              "[fec0::/10]"),
          range(
              "a link-local or metadata address",
              "169.254.0.0/16",
              "168.63.129.16",
              "192.0.0.0/24",
              "[fe80::/10]"),
          range("no address of one host", "224.0.0.0/3", "[ff00::/8]"));

  private AddressSpace() {}

  /** Where the address leads, if that is not the public network. */
  static Optional<String> inside(InetAddress address) {
    InetAddress real = embedded(address).orElse(address);
    for (Range range : INSIDE) {
      if (range.addresses.rules().stream()
          .anyMatch(r -> r instanceof HostRule.Block block && block.contains(real))) {
        return Optional.of(range.what);
      }
    }
    return isOwn(address) || isOwn(real) ? Optional.of("this host") : Optional.empty();
  }

  /** IPv6 addresses that stand for one of IPv4: mapped, compatible, translated (64:ff9b), 6to4. */
  private static Optional<InetAddress> embedded(InetAddress address) {
    byte[] b = address.getAddress();
    if (!(address instanceof Inet6Address)) {
      return Optional.empty();
    }
    boolean zeros = allZero(b, 0, 10);
    boolean low = zeros && ((b[10] == 0 && b[11] == 0) || (b[10] == -1 && b[11] == -1));
    boolean translated =
        b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
    if (low && !allZero(b, 12, 15)) {
      return v4(b, 12);
    } else if (translated) {
      return v4(b, 12);
    }
    return b[0] == 0x20 && b[1] == 0x02 ? v4(b, 2) : Optional.empty();
  }

  private static boolean allZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<InetAddress> v4(byte[] bytes, int from) {
    try {
      return Optional.of(Inet4Address.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** Its public address leads to what this host offers on all of its addresses. */
  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // not to know is no permission
    }
  }

  private static Range range(String what, String... blocks) {
    List<HostRule> rules =
        Arrays.stream(blocks)
            .map(HostRules::read)
            .map(
                r -> {
                  if (r instanceof HostRules.Reading.Good good) {
                    return good.rule();
                  }
                  throw new IllegalStateException("not a block: " + r);
                })
            .toList();
    return new Range(what, new HostList(rules));
  }
}
