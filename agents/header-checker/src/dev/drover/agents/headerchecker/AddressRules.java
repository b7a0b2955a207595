package dev.drover.agents.headerchecker;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are not of the public internet. Addresses to check come from data, so without
 * this whoever writes an alert could make the agent knock at doors that only it can reach.
 */
final class AddressRules {
  /** A range as its first address and the number of bits that count. */
  private record Range(int first, int bits) {
    boolean has(int address) {
      return (address ^ first) >>> (32 - bits) == 0;
    }
  }

  private static final List<Range> NOT_PUBLIC =
      List.of(
          range(0, 0, 8),
          range(10, 0, 8),
          range(100, 64, 10),
          range(127, 0, 8),
          range(169, 254, 16),
          range(172, 16, 12),
          new Range(0xC0000000, 24),
          new Range(0xC0000200, 24),
          new Range(0xC0586300, 24),
          range(192, 168, 16),
          range(198, 18, 15),
          new Range(0xC6336400, 24),
          new Range(0xCB007100, 24),
          range(224, 0, 3));

  private AddressRules() {}

  private static Range range(int first, int second, int bits) {
    return new Range((first << 24) | (second << 16), bits);
  }

  static boolean isPublic(InetAddress address) {
    if (address instanceof Inet4Address) {
      return isPublic(number(address.getAddress(), 0));
    }
    if (!(address instanceof Inet6Address)) {
      return false;
    }
    byte[] bytes = address.getAddress();
    int start = number(bytes, 0);
    boolean global = start >>> 29 == 1; // 2000::/3 is all that is given out
    boolean documentation = start == 0x20010DB8;
    boolean teredo = start == 0x20010000;
    boolean sixToFour = start >>> 16 == 0x2002;
    if (start == 0x0064FF9B && bytes[4] == 0 && bytes[5] == 0) {
      return isPublic(number(bytes, 12)); // NAT64 leads to the IPv4 address in it
    }
    return global
        && !documentation
        && !teredo
        && (!sixToFour || isPublic(number(Arrays.copyOfRange(bytes, 2, 6), 0)));
  }

  private static boolean isPublic(int address) {
    return NOT_PUBLIC.stream().noneMatch(range -> range.has(address));
  }

  private static int number(byte[] bytes, int from) {
    int number = 0;
    for (int at = from; at < from + 4; at++) {
      number = (number << 8) | (bytes[at] & 0xFF);
    }
    return number;
  }

  /**
   * The addresses of a host, if all of them are public: connecting to what was looked at, and not
   * to what a second look-up gives, is what makes it hold.
   */
  static InetAddress[] publicOnly(String host) throws UnknownHostException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    for (InetAddress address : addresses) {
      if (!isPublic(address)) {
        throw new NotPublic();
      }
    }
    return addresses;
  }

  /** A host has an address that is not of the public internet. */
  static final class NotPublic extends UnknownHostException {
    private static final long serialVersionUID = 1L;
  }
}
