package dev.drover.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class BrowserRulesTest {
  @ParameterizedTest
  @CsvSource({
    "http://localhost:9002, localhost:9002, false",
    "http://127.0.0.1:9002, 127.0.0.1:9002, false",
    "http://[::1]:9002, [::1]:9002, false",
    "http://localhost:3000, localhost:9002, true",
    "https://evil.example, localhost:9002, true",
    "http://evil.example:9002, evil.example:9002, true",
    "http://127.0.0.1.evil.example:9002, 127.0.0.1.evil.example:9002, true",
    "null, localhost:9002, true",
    "not a uri, localhost:9002, true"
  })
  void anOriginMustBeOurOwnAndLoopback(String origin, String host, boolean foreign) {
    MockHttpServletRequest request = request(host);
    request.addHeader("Origin", origin);
    assertThat(BrowserRules.isForeign(request)).isEqualTo(foreign);
  }

  @ParameterizedTest
  @CsvSource({"same-origin, false", "none, false", "same-site, true", "cross-site, true"})
  void theBrowsersWordOnTheSiteCounts(String site, boolean foreign) {
    MockHttpServletRequest request = request("localhost:9002");
    request.addHeader("Sec-Fetch-Site", site);
    assertThat(BrowserRules.isForeign(request)).isEqualTo(foreign);
  }

  @Test
  void programsSendNeitherAndPass() {
    assertThat(BrowserRules.isForeign(request("drover.internal:9002"))).isFalse();
  }

  private static MockHttpServletRequest request(String host) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/workflows");
    request.addHeader("Host", host);
    return request;
  }
}
