package dev.drover.alert;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** By what an alert is known again: its fingerprint, or where that is missing, its labels. */
final class AlertIdentity {
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-Za-z_-]{1,64}");

  private AlertIdentity() {}

  static String of(String fingerprint, Map<String, String> labels) {
    return FINGERPRINT.matcher(fingerprint).matches() ? fingerprint : hash(labels);
  }

  /** An empty label is an absent one, as everywhere in Prometheus. */
  private static String hash(Map<String, String> labels) {
    MessageDigest digest = sha256();
    new TreeMap<>(labels)
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                update(digest, name);
                update(digest, value);
              }
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A hash of texts that tells apart where one ends and the next begins. */
  static String hash(Iterable<String> texts) {
    MessageDigest digest = sha256();
    texts.forEach(text -> update(digest, text));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
