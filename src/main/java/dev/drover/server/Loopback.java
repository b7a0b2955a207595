package dev.drover.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whether an address can be reached from this machine alone. */
final class Loopback {
  private Loopback() {}

  static boolean is(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "drover.bind: there is no address \"" + address + "\" on this machine", e);
    }
  }
}
