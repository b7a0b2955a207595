package dev.drover.agents.notifier;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to a receiver that a message is from who has the secret, and that it was sent just now:
 * the time is signed with the body, so that a recorded message can't be played again later.
 */
final class Signature {
  static final String TIMESTAMP = "X-Drover-Timestamp";
  static final String SIGNATURE = "X-Drover-Signature";

  private Signature() {}

  static Post signed(Post post, Secret key, Instant now) {
    String timestamp = Long.toString(now.getEpochSecond());
    return post.with(TIMESTAMP, timestamp)
        .with(SIGNATURE, "sha256=" + of(timestamp, post.body(), key));
  }

  private static String of(String timestamp, String body, Secret key) {
    byte[] signed = (timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
    }
  }
}
