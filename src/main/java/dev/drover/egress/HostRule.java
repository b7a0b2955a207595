package dev.drover.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;

/** One entry of a list of hosts: who may be reached, and at which ports. */
public sealed interface HostRule {
  /** How an entry is written. */
  String RULE =
      "a host such as api.example.org, *.example.org:443, 10.1.2.3:8080, 10.0.0.0/8 or [fd00::/8];"
          + " without a port 80 and 443 are meant";

  /** The port; without one, those of the web. */
  OptionalInt port();

  /** Whether the rule is for that port. */
  default boolean covers(int asked) {
    return port().isPresent() ? port().getAsInt() == asked : asked == 80 || asked == 443;
  }

  /**
   * A host by its name, wherever in public address space that leads.
   *
   * @param name in lower case
   * @param below whether not the name itself is meant but every name that ends in it
   */
  record Name(String name, boolean below, OptionalInt port) implements HostRule {
    boolean matches(String asked) {
      return below ? asked.endsWith("." + name) : asked.equals(name);
    }
  }

  /**
   * Addresses, private ones too, by their first bits. They may be reached as such, and be what a
   * listed name leads to.
   */
  record Block(List<Byte> address, int prefix, OptionalInt port) implements HostRule {
    public Block {
      address = List.copyOf(address);
    }

    boolean contains(InetAddress asked) {
      byte[] bytes = asked.getAddress();
      if (bytes.length != address.size()) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((bytes[bit / 8] & mask) != (address.get(bit / 8) & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
