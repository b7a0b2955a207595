package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.read;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertIdentityTest {
  @ParameterizedTest
  @CsvSource({
    "6fdb545b1114fa10, true",
    "A_b-9, true",
    "'', false",
    "../etc, false",
    "a b, false",
    "0123456789012345678901234567890123456789012345678901234567890123, true",
    "01234567890123456789012345678901234567890123456789012345678901234, false"
  })
  void aFingerprintIsTakenOnlyIfItIsOne(String fingerprint, boolean taken) {
    String identity =
        read("{\"alerts\":[{\"fingerprint\":\"" + fingerprint + "\",\"labels\":{\"a\":\"b\"}}]}")
            .alerts()
            .get(0)
            .identity();

    assertThat(identity.equals(fingerprint)).isEqualTo(taken);
    assertThat(identity).hasSizeBetween(1, 64);
  }

  @Test
  void withoutFingerprintTheLabelsInAnyOrderAreTheIdentity() {
    String ab = identityOf("{\"a\":\"1\",\"b\":\"2\"}");

    assertThat(identityOf("{\"b\":\"2\",\"a\":\"1\"}")).isEqualTo(ab);
    assertThat(identityOf("{\"b\":\"2\",\"a\":\"1\",\"empty\":\"\"}")).isEqualTo(ab);
    assertThat(identityOf("{\"a\":\"1\",\"b\":\"3\"}")).isNotEqualTo(ab);
    assertThat(identityOf("{\"a\":\"1b\",\"\":\"2\"}")).isNotEqualTo(ab);
    assertThat(identityOf("{\"a1\":\"b\"}")).isNotEqualTo(identityOf("{\"a\":\"1b\"}"));
  }

  private static String identityOf(String labels) {
    return read("{\"alerts\":[{\"labels\":" + labels + "}]}").alerts().get(0).identity();
  }
}
