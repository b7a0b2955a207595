package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
  @Test
  void everyValueIsMaskedTheLongestFirst() {
    SecretMask mask = new SecretMask(List.of("abc", "abcdef"));

    assertThat(mask.text("abcdef abc")).isEqualTo("*** ***");
    assertThat(mask.json(Map.of("abc", List.of("xabcx", 5L, true))))
        .isEqualTo(Map.of("***", List.of("x***x", 5L, true)));
  }

  @Test
  void eachLineOfASecretIsMasked() {
    SecretMask mask = new SecretMask(List.of("-----\nkey\n-----"));

    assertThat(mask.text("the key is -----")).isEqualTo("the *** is ***");
  }

  @Test
  void aSecretInTheNameOfAHostIsMaskedThoughItHasLostItsCapitals() {
    SecretMask mask = new SecretMask(List.of("ToKeN-9"));

    assertThat(mask.host("token-9.example.org:443 (it is not in the list)"))
        .isEqualTo("***.example.org:443 (it is not in the list)");
  }

  @Test
  void anEmptySecretMasksNothing() {
    assertThat(new SecretMask(List.of("", " ")).text("a b")).isEqualTo("a b");
  }

  @Test
  void aCutNeverGoesThroughASecret() {
    SecretMask mask = new SecretMask(List.of("secret", "xxsec"));
    byte[] line = "aaaxxsecretbbb".getBytes(StandardCharsets.UTF_8);

    assertThat(mask.safeCut(line, line.length, 8)).isEqualTo(3);
    assertThat(mask.safeCut(line, line.length, 3)).isEqualTo(3);
    assertThat(mask.safeCut(line, line.length, 11)).isEqualTo(11);
    byte[] first = "secretbbb".getBytes(StandardCharsets.UTF_8);
    assertThat(mask.safeCut(first, first.length, 2)).isEqualTo(6);
  }
}
