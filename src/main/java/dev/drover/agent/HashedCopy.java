package dev.drover.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is known of content after it has been copied.
 *
 * @param sha256 in hexadecimal
 */
public record HashedCopy(long size, String sha256) {
  /**
   * Copies content to a file that is not there yet.
   *
   * @param most bytes that are expected; what has more is not copied to its end, and its size tells
   */
  public static HashedCopy copy(InputStream in, Path to, long most) throws IOException {
    MessageDigest digest = digest();
    long size = 0;
    try (OutputStream out =
        new DigestOutputStream(Files.newOutputStream(to, StandardOpenOption.CREATE_NEW), digest)) {
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0 && size <= most; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        size += n;
      }
    }
    return new HashedCopy(size, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JRE has it
    }
  }
}
