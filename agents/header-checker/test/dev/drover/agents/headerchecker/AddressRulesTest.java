package dev.drover.agents.headerchecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URISyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2130706433",
        "0177.0.0.1"
      })
  void whatIsNotOfThePublicInternetIsRefused(String address) throws Exception {
    // The last two are decimal and padded spellings; whatever Java makes of them must not be asked.
    InetAddress[] all = InetAddress.getAllByName(address);
    if (!address.equals("0177.0.0.1")) {
      assertThat(all).noneMatch(AddressRules::isPublic);
    } else {
      assertThat(all[0].getHostAddress()).isIn("177.0.0.1", "127.0.0.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "126.0.0.1",
        "128.0.0.1",
        "169.253.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2002:101:101::1",
        "64:ff9b::101:101"
      })
  void whatIsOfThePublicInternetIsAsked(String address) throws Exception {
    assertThat(AddressRules.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void oneAddressThatIsNotPublicRefusesTheHost() {
    assertThatThrownBy(() -> AddressRules.publicOnly("localhost"))
        .isInstanceOf(AddressRules.NotPublic.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a.example/", "file:///etc/passwd", "https:///x", "https://u:p@a.example/",
        "https://a.example:99999/", "a.example", "gopher://a.example", "http://a b/"
      })
  void whatIsNoWebAddressIsRefused(String address) {
    assertThatThrownBy(() -> Targets.parse(address)).isInstanceOf(URISyntaxException.class);
  }

  @Test
  void anAddressIsAskedWithoutItsFragmentAndWithAPath() throws Exception {
    assertThat(Targets.parse("HTTPS://a.example?q=%C3%BC#top"))
        .hasToString("https://a.example/?q=%C3%BC");
    assertThat(Targets.parse("https://a.example/ü/@b")).hasToString("https://a.example/%C3%BC/@b");
  }
}
