package dev.drover.run;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.workflow.Concurrency;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Workflow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What runs of one workflow share: at most {@code limit} runs of one key are under way at a time.
 *
 * @param key as the workflow's expression gave it for this run
 */
public record Slot(String key, int limit, Concurrency.Overflow overflow) {
  private static final int LONGEST = 200;

  /**
   * The slot that a run of the workflow needs; empty if it may always run.
   *
   * @throws ExpressionFailure if the key can't be computed from the run's data
   */
  public static Optional<Slot> of(
      Workflow workflow,
      ProjectName project,
      Map<String, Object> trigger,
      Map<String, Object> inputs)
      throws ExpressionFailure {
    if (workflow.concurrency().isEmpty()) {
      return Optional.empty();
    }
    Concurrency concurrency = workflow.concurrency().get();
    Map<NodeId, Map<String, Object>> none = Map.of();
    Scope scope = new Scope(trigger, inputs, none, Map.of(), Map.of("name", project.value()));
    Object key = concurrency.key().evaluate(scope);
    String text = key instanceof String string ? string : Json.print(key);
    return Optional.of(new Slot(bounded(text), concurrency.limit(), concurrency.overflow()));
  }

  /** An index takes no text of any length: of a long one, its beginning and its hash. */
  private static String bounded(String key) {
    if (key.length() <= LONGEST) {
      return key;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return key.substring(0, LONGEST) + "#" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
