package dev.drover.run;

import dev.drover.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a node waits for. It is in the journal, so that waiting costs no memory and holds across
 * restarts.
 */
public sealed interface Wait {
  /** When it is over by itself; empty: only a signal ends it. */
  Optional<Instant> until();

  /** In words, behind "waits ". */
  String words();

  /** The word for its kind in the journal. */
  String kind();

  /** Whether the signal is about this, and not about what the node waited for before. */
  default boolean isEndedBy(Signal signal) {
    return false;
  }

  /** What must be kept beside kind and time. */
  default Map<String, Object> data() {
    return Map.of();
  }

  /** The next attempt, after one that failed. */
  record Retry(Instant at, Failure failure) implements Wait {
    @Override
    public Optional<Instant> until() {
      return Optional.of(at);
    }

    @Override
    public String words() {
      return "for its next attempt at " + at + ", after: " + failure.message();
    }

    @Override
    public String kind() {
      return "retry";
    }

    @Override
    public Map<String, Object> data() {
      return Map.of("failure", failure.toJson());
    }
  }

  /** A time; {@code text} is how the author said it. */
  record Delay(Instant at, String text) implements Wait {
    @Override
    public Optional<Instant> until() {
      return Optional.of(at);
    }

    @Override
    public String words() {
      return "until " + at;
    }

    @Override
    public String kind() {
      return "delay";
    }

    @Override
    public Map<String, Object> data() {
      return Map.of("for", text);
    }
  }

  /** A person's decision. */
  record Approval(String message, Optional<Instant> until) implements Wait {
    @Override
    public String words() {
      return "for an approval: " + message;
    }

    @Override
    public String kind() {
      return "approval";
    }

    @Override
    public boolean isEndedBy(Signal signal) {
      return signal.kind() == Signal.Kind.APPROVED || signal.kind() == Signal.Kind.REJECTED;
    }

    @Override
    public Map<String, Object> data() {
      return Map.of("message", message);
    }
  }

  /** The end of the alerts that the run was opened for. */
  record Resolved(Optional<Instant> until) implements Wait {
    @Override
    public String words() {
      return "until its alert is resolved";
    }

    @Override
    public String kind() {
      return "resolved";
    }

    @Override
    public boolean isEndedBy(Signal signal) {
      return signal.kind() == Signal.Kind.RESOLVED;
    }
  }

  /** The end of the run of a sub-workflow. */
  record Child(RunId run, Optional<Instant> until) implements Wait {
    @Override
    public String words() {
      return "for run " + run;
    }

    @Override
    public String kind() {
      return "child";
    }

    @Override
    public boolean isEndedBy(Signal signal) {
      return signal.kind() == Signal.Kind.CHILD_ENDED
          && run.toString().equals(signal.data().get("run"));
    }

    @Override
    public Map<String, Object> data() {
      return Map.of("run", run.toString());
    }
  }

  /**
   * As JSON, but for the time. The kind comes first: statements recognise it by the beginning of
   * the text, as PostgreSQL's operators refuse to look into JSON that holds a NUL anywhere.
   */
  default Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", kind());
    json.putAll(data());
    return json;
  }

  /**
   * From what {@link #toJson} gave and the time beside it.
   *
   * @throws IllegalArgumentException if it is no such thing
   */
  static Wait fromJson(Map<String, Object> json, Optional<Instant> until) {
    String kind = String.valueOf(json.get("kind"));
    return switch (kind) {
      case "retry" ->
          new Retry(required(until), Failure.fromJson(Json.asObject(get(json, "failure"))));
      case "delay" -> new Delay(required(until), String.valueOf(get(json, "for")));
      case "approval" -> new Approval(String.valueOf(get(json, "message")), until);
      case "resolved" -> new Resolved(until);
      case "child" -> new Child(RunId.of(String.valueOf(get(json, "run"))), until);
      default -> throw new IllegalArgumentException("nothing waits for \"" + kind + "\"");
    };
  }

  private static Instant required(Optional<Instant> until) {
    return until.orElseThrow(() -> new IllegalArgumentException("a wait without its time"));
  }

  private static Object get(Map<String, Object> json, String key) {
    Object value = json.get(key);
    if (value == null) {
      throw new IllegalArgumentException("a wait without \"" + key + "\"");
    }
    return value;
  }
}
