package dev.drover.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a name. The proxy asks, never the program: it can't be told two things.
 */
@FunctionalInterface
public interface Resolver {
  /** The addresses; may wait as long as the system's resolver does. */
  List<InetAddress> resolve(String name) throws UnknownHostException;

  /** This host's own. */
  static Resolver system() {
    return name -> List.of(InetAddress.getAllByName(name));
  }
}
