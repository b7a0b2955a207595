package dev.drover.egress;

import dev.drover.egress.HostRule.Block;
import dev.drover.egress.HostRule.Name;
import java.net.InetAddress;
import java.util.List;

/** The hosts that a program may reach; every other is refused. */
public record HostList(List<HostRule> rules) {
  public HostList {
    rules = List.copyOf(rules);
  }

  /** Whether a name may be asked for; where it leads is another question. */
  boolean allows(String name, int port) {
    return rules.stream().anyMatch(r -> r instanceof Name n && n.covers(port) && n.matches(name));
  }

  /** Whether the list has the address itself. */
  boolean allows(InetAddress address, int port) {
    return rules.stream()
        .anyMatch(r -> r instanceof Block b && b.covers(port) && b.contains(address));
  }

  /** Whether the list has an address of this host's loopback. */
  public boolean allowsLoopback() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return rules.stream().anyMatch(r -> r instanceof Block b && b.contains(loopback));
  }
}
