package dev.drover.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.egress.HostRules.Reading;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostListTest {
  static HostList list(String... entries) {
    return new HostList(
        Arrays.stream(entries).map(e -> ((Reading.Good) HostRules.read(e)).rule()).toList());
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNameStandsForItselfAtThePortsOfTheWeb() {
    HostList list = list("API.example.org");

    assertThat(list.allows("api.example.org", 443)).isTrue();
    assertThat(list.allows("api.example.org", 80)).isTrue();
    assertThat(list.allows("api.example.org", 22)).isFalse();
    assertThat(list.allows("v2.api.example.org", 443)).isFalse();
    assertThat(list.allows("api.example.org.evil.net", 443)).isFalse();
    assertThat(list.allows("evilapi.example.org", 443)).isFalse();
  }

  @Test
  void aStarStandsForEveryNameBelowAndNotForTheNameItself() {
    HostList list = list("*.example.org:8443");

    assertThat(list.allows("a.example.org", 8443)).isTrue();
    assertThat(list.allows("a.b.example.org", 8443)).isTrue();
    assertThat(list.allows("example.org", 8443)).isFalse();
    assertThat(list.allows("evilexample.org", 8443)).isFalse();
    assertThat(list.allows("a.example.org", 443)).isFalse();
  }

  @Test
  void aBlockStandsForItsAddressesAndForNoName() {
    HostList list = list("10.1.0.0/15", "192.168.1.7:5432", "[fd00::/9]:443");

    assertThat(list.allows(address("10.0.255.255"), 80)).isTrue();
    assertThat(list.allows(address("10.2.0.0"), 80)).isFalse();
    assertThat(list.allows(address("192.168.1.7"), 5432)).isTrue();
    assertThat(list.allows(address("192.168.1.7"), 80)).isFalse();
    assertThat(list.allows(address("fd7f::1"), 443)).isTrue();
    assertThat(list.allows(address("fd80::1"), 443)).isFalse();
    assertThat(list.allows("10.1.0.0", 80)).isFalse();
  }

  @Test
  void aListKnowsWhetherItHasTheLoopback() {
    assertThat(list("127.0.0.0/8").allowsLoopback()).isTrue();
    assertThat(list("10.0.0.0/8", "localhost").allowsLoopback()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "*.*.org",
        ".org",
        "org.",
        "a..b",
        "-a.org",
        "a-.org",
        "a b",
        "a/b",
        "a@b",
        "http://a.org",
        "a.org:",
        "a.org:0",
        "a.org:65536",
        "a.org:x",
        "1.2.3.4.5",
        "127.1",
        "2130706433",
        "0x7f000001",
        "a.0x7f",
        "1.2.3.4/33",
        "1.2.3.4/x",
        "1.2.3.256",
        "[1.2.3.4]",
        "[::1",
        "::1",
        "[fe80::1%lo]",
        "[::/129]",
        "ä.org",
        "*.10.0.0.1",
        "01.2.3.4"
      })
  void whatIsNoHostIsRefused(String text) {
    assertThat(HostRules.read(text)).isInstanceOf(Reading.Bad.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "127.0.0.1",
        "127.255.0.1",
        "10.0.0.1",
        "172.31.0.1",
        "192.168.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "198.19.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1"
      })
  void addressesThatLeadInsideAreKnown(String text) {
    assertThat(AddressSpace.inside(address(text))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"})
  void addressesOfThePublicNetworkAreLetThrough(String text) {
    assertThat(AddressSpace.inside(address(text))).isEmpty();
  }

  @Test
  void aListedNameThatLeadsInsideIsRefusedUnlessTheListHasTheAddressToo() {
    Resolver inside = name -> List.of(address("10.0.0.5"));

    Destination alone = Destination.of(list("db.example.org:5432"), "db.example.org", 5432, inside);
    Destination both =
        Destination.of(
            list("db.example.org:5432", "10.0.0.0/8:5432"), "db.example.org", 5432, inside);

    assertThat(alone)
        .isEqualTo(
            new Destination.Refused("10.0.0.5 is a private address, and not in the list itself"));
    assertThat(both).isInstanceOf(Destination.Found.class);
  }

  @Test
  void onlyWhatLeadsOutsideOfSeveralAddressesIsUsed() {
    Resolver mixed = name -> List.of(address("127.0.0.1"), address("1.1.1.1"));

    Destination found = Destination.of(list("a.example.org"), "a.example.org", 443, mixed);

    assertThat(((Destination.Found) found).addresses())
        .extracting(a -> a.getAddress().getHostAddress())
        .containsExactly("1.1.1.1");
  }

  @Test
  void anAddressThatIsWrittenAsANumberMatchesNoNameAndIsNotLookedUp() {
    Resolver never =
        name -> {
          throw new AssertionError("asked for " + name);
        };

    for (String host : List.of("2130706433", "127.1", "0x7f.1", "127.0.0.1", "::1", "a.b.")) {
      Destination refused = Destination.of(list("*.b", "example.org"), host, 443, never);
      assertThat(refused).as(host).isInstanceOf(Destination.Refused.class);
    }
  }
}
