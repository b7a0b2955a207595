package dev.drover.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The ids of what a trace tells of, computed from what they are the ids of. So every server knows
 * them at any time: an agent is told its attempt's before anything is known of how that ends, and
 * whoever ends it, after a crash another server, tells of it under the same id.
 */
public final class SpanIds {
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private SpanIds() {}

  /** The trace of a run that has one of its own. */
  public static String trace(RunId run) {
    return hash("trace", run.toString(), TRACE_BYTES);
  }

  /** A run's own span. */
  public static String run(RunId run) {
    return hash("run", run.toString(), SPAN_BYTES);
  }

  /** That of a node, of one item of it, or of the undoing of either. */
  public static String node(RunId run, NodeItem node) {
    return hash("node", node.idempotencyKey(run), SPAN_BYTES);
  }

  /** That of an attempt at it, counted from 1. */
  public static String attempt(RunId run, NodeItem node, int number) {
    return hash("attempt", node.idempotencyKey(run) + "#" + number, SPAN_BYTES);
  }

  /** That of a wait of it, by what it waits for; a sub-workflow is waited for in each attempt. */
  public static String wait(RunId run, NodeItem node, Wait what) {
    String key = what instanceof Wait.Child child ? child.run().toString() : what.kind();
    return hash("wait", node.idempotencyKey(run) + "#" + key, SPAN_BYTES);
  }

  /** That of the take-up of a run. */
  public static String takeUp(RunId run, int epoch) {
    return hash("take-up", run + "#" + epoch, SPAN_BYTES);
  }

  /** That of a delivery's intake. */
  public static String intake(UUID delivery) {
    return hash("intake", delivery.toString(), SPAN_BYTES);
  }

  private static String hash(String kind, String key, int bytes) {
    byte[] digest = sha256().digest((kind + ":" + key).getBytes(StandardCharsets.UTF_8));
    digest[bytes - 1] |= (byte) 1; // all zeros would be no id
    return HexFormat.of().formatHex(digest, 0, bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
