package dev.drover.egress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a request leads, after the list and the addresses have been looked at. */
sealed interface Destination {
  /** One after the other may be tried. */
  record Found(List<InetSocketAddress> addresses) implements Destination {}

  /** The list does not allow it. */
  record Refused(String why) implements Destination {}

  /** There is no such host. */
  record Unknown(String why) implements Destination {}

  /** What needs no look-up: whether the list has the host at all. */
  static Optional<Refused> refusal(HostList hosts, String host, int port) {
    Optional<InetAddress> literal = HostRules.literal(host);
    boolean allowed =
        literal.isPresent()
            ? hosts.allows(literal.get(), port)
            : HostRules.isName(host) && hosts.allows(host, port);
    return allowed ? Optional.empty() : Optional.of(new Refused("it is not in the list"));
  }

  /** Looks the host up, which may take time, and leaves out where the list does not lead. */
  static Destination of(HostList hosts, String host, int port, Resolver resolver) {
    Optional<Refused> refusal = refusal(hosts, host, port);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    List<InetSocketAddress> usable = new ArrayList<>();
    String inside = "";
    try {
      Optional<InetAddress> literal = HostRules.literal(host);
      List<InetAddress> all = literal.isPresent() ? List.of(literal.get()) : resolver.resolve(host);
      for (InetAddress address : all) {
        Optional<String> where = AddressSpace.inside(address);
        if (where.isEmpty() || hosts.allows(address, port)) {
          usable.add(new InetSocketAddress(address, port));
        } else {
          inside = address.getHostAddress() + " is " + where.get() + ", and not in the list itself";
        }
      }
    } catch (UnknownHostException e) {
      return new Unknown("no host of that name is known");
    }
    return usable.isEmpty() ? new Refused(inside) : new Found(usable);
  }
}
