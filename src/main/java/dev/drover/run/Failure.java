package dev.drover.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed, whole: a type to act on, a message for a person, and the chain of causes.
 * There is no failure without a message.
 *
 * @param type a constant such as {@code TIMEOUT}, {@code EXIT_CODE}, {@code EXPRESSION}, or the
 *     class of the exception
 */
public record Failure(String type, String message, List<String> causes) {
  /** An expression could not be evaluated. */
  public static final String EXPRESSION = "EXPRESSION";

  /** A time limit was reached. */
  public static final String TIMEOUT = "TIMEOUT";

  /** It was running when the server died, and may not be started twice. */
  public static final String INTERRUPTED = "INTERRUPTED";

  /** The journal refused to keep what the node gave. */
  public static final String NOT_STORABLE = "NOT_STORABLE";

  /** What its workflow may spend is spent: no further attempt was started. */
  public static final String BUDGET_EXCEEDED = "BUDGET_EXCEEDED";

  private static final int MAX_CAUSES = 20;

  public Failure {
    causes = List.copyOf(causes);
  }

  /** A failure that is its own cause. */
  public static Failure of(String type, String message) {
    return new Failure(type, message, List.of());
  }

  /** A failure with the chain of causes of an exception. */
  public static Failure of(String type, String message, Throwable cause) {
    return new Failure(type, message, chain(cause));
  }

  /** An exception that nobody expected. */
  public static Failure of(Throwable thrown) {
    return new Failure(thrown.getClass().getName(), describe(thrown), chain(thrown.getCause()));
  }

  /** The classes of its causes, without what they said. */
  List<String> causeTypes() {
    return causes.stream().map(cause -> cause.split(":", 2)[0]).toList();
  }

  /** As JSON. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", type);
    json.put("message", message);
    json.put("causes", causes);
    return json;
  }

  /** From what {@link #toJson} gave. */
  public static Failure fromJson(Map<String, Object> json) {
    List<String> causes = new ArrayList<>();
    if (json.get("causes") instanceof List<?> list) {
      list.forEach(c -> causes.add(String.valueOf(c)));
    }
    return new Failure(
        String.valueOf(json.get("type")), String.valueOf(json.get("message")), causes);
  }

  private static List<String> chain(@Nullable Throwable first) {
    List<String> chain = new ArrayList<>();
    for (Throwable t = first; t != null && chain.size() < MAX_CAUSES; t = t.getCause()) {
      chain.add(t.getClass().getName() + ": " + describe(t));
    }
    return chain;
  }

  private static String describe(Throwable t) {
    String message = t.getMessage();
    return message == null || message.isBlank() ? t.getClass().getSimpleName() : message;
  }
}
