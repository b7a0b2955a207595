package dev.drover.agents.patcher;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What git calls a file's content, so that thousands of files cost no process each. */
final class BlobId {
  private static final int SHA_256 = 64;

  private BlobId() {}

  /**
   * The entry that {@code ls-tree} would have for the file.
   *
   * @param like the entry that it does have, which tells the kind of ids
   */
  static String entry(FileState state, String like) {
    String id = like.substring(like.lastIndexOf(' ') + 1);
    return UnifiedDiff.mode(state)
        + " blob "
        + of(state.content(), id.length() == SHA_256 ? "SHA-256" : "SHA-1");
  }

  private static String of(byte[] content, String algorithm) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
