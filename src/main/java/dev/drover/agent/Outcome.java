package dev.drover.agent;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads what has become of an attempt, by the contract that every agent keeps. */
final class Outcome {
  private static final int TEMPORARY = 75;
  private static final String AGAIN = "asks to be tried again (exit code 75)";
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9,
          "SIGKILL", 11, "SIGSEGV", 13, "SIGPIPE", 15, "SIGTERM");

  /** What starts an agent says so in its own name; the last two are the init of containers. */
  private static final String LAUNCHER =
      "(bwrap|nice|prlimit|setsid|leash|sandbox|forwarder|timeout): .*"
          + "|exec: \".*\": executable file not found.*"
          + "|fork/exec .*: (no such file or directory|permission denied)";

  private final AgentManifest manifest;
  private final String runtime;

  Outcome(AgentManifest manifest, String runtime) {
    this.manifest = manifest;
    this.runtime = runtime;
  }

  /** Of an attempt that was stopped. */
  AttemptResult stopped(Stop why, Ending ending) {
    return why.failure().isPresent()
        ? failed(why.failure().get(), why.message() + lastLines(ending), null, ending)
        : new Cancelled(why.message(), runtime, ending.duration());
  }

  /** Of a process that has ended and was one attempt's. */
  AttemptResult ended(byte[] output, Ending ending) {
    int code = ending.exitCode().orElseThrow();
    return code == 0 ? output(output, ending) : exit(code, ending);
  }

  /** Of a warm process that has answered, or ended instead. */
  AttemptResult answered(WarmAnswer answer, Ending ending) {
    if (answer instanceof WarmAnswer.Output output) {
      return checked(output.value(), ending);
    } else if (answer instanceof WarmAnswer.Exit exit) {
      boolean temporary = exit.code() == TEMPORARY;
      String message = (temporary ? AGAIN : "answered with exit code " + exit.code());
      String reason = exit.message().isBlank() ? "" : ": " + ending.mask().text(exit.message());
      return failed(
          temporary ? FailureType.TEMPORARY : FailureType.EXIT_CODE,
          message + reason + lastLines(ending),
          exit.code(),
          ending);
    } else if (answer instanceof WarmAnswer.NotJson text) {
      String message =
          "the answer is not JSON: " + describe(text.bytes(), text.fault(), ending.mask());
      return failed(FailureType.OUTPUT_NOT_JSON, message, null, ending);
    } else if (answer instanceof WarmAnswer.Wrong wrong) {
      return failed(FailureType.PROTOCOL, wrong.fault() + lastLines(ending), null, ending);
    }
    int code = ending.exitCode().orElse(0);
    String message = "gave no answer" + lastLines(ending);
    return code == 0 ? failed(FailureType.PROTOCOL, message, null, ending) : exit(code, ending);
  }

  private AttemptResult exit(int code, Ending ending) {
    List<String> tail = ending.logTail();
    if (code == TEMPORARY) {
      String message = AGAIN + lastLines(ending);
      return failed(FailureType.TEMPORARY, message, code, ending);
    }
    if (isLauncher(code, tail)) {
      return failed(
          FailureType.START_FAILED, "could not be started" + lastLines(ending), null, ending);
    }
    String meaning =
        switch (code) {
          case 126 -> " (a command is not executable)";
          case 127 -> " (a command was not found)";
          default -> code > 128 ? signal(code - 128) : "";
        };
    String message = "ended with exit code " + code + meaning + lastLines(ending);
    return failed(FailureType.EXIT_CODE, message, code, ending);
  }

  /** Whether it was not the agent that ended, but what should have started it. */
  private static boolean isLauncher(int code, List<String> tail) {
    return (code == 1 || code == 126 || code == 127)
        && tail.size() == 1
        && tail.get(0).matches(LAUNCHER);
  }

  private static String signal(int number) {
    return " (signal " + SIGNALS.getOrDefault(number, String.valueOf(number)) + ")";
  }

  private AttemptResult output(byte[] bytes, Ending ending) {
    try {
      return checked(Json.parse(bytes), ending);
    } catch (InvalidJson e) {
      String message = "the output is not JSON: " + describe(bytes, e, ending.mask());
      return failed(FailureType.OUTPUT_NOT_JSON, message, 0, ending);
    }
  }

  private AttemptResult checked(@Nullable Object output, Ending ending) {
    SecretMask mask = ending.mask();
    List<String> faults = manifest.output().validate(output);
    if (faults.isEmpty()) {
      return new Succeeded(mask.json(output), runtime, ending.duration());
    }
    String message = "the output breaks the agent's schema: " + String.join("; ", faults);
    return failed(FailureType.OUTPUT_INVALID, mask.text(message), 0, ending);
  }

  /**
   * The parser quotes what it met, perhaps in part: with secrets it reads the masked text again.
   */
  private static String describe(byte[] bytes, InvalidJson fault, SecretMask mask) {
    if (bytes.length == 0) {
      return "it is empty";
    }
    if (mask.isEmpty()) {
      return String.valueOf(fault.getMessage());
    }
    try {
      Json.parse(mask.text(new String(bytes, StandardCharsets.UTF_8)));
      return "the fault lies in the value of a secret";
    } catch (InvalidJson e) {
      return mask.text(String.valueOf(e.getMessage()));
    }
  }

  private static String lastLines(Ending ending) {
    List<String> tail = ending.logTail();
    return tail.isEmpty() ? "" : "; its last lines: " + String.join(" | ", tail);
  }

  private static String refusals(Ending ending) {
    List<String> hosts = ending.refusals();
    return hosts.isEmpty() ? "" : "; refused by its network list: " + String.join(", ", hosts);
  }

  private Failed failed(FailureType type, String why, @Nullable Integer exitCode, Ending ending) {
    String message = why + ending.mask().host(refusals(ending));
    OptionalInt code = exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    if (ending.hasLapsed()) {
      String lapsed = "stopped, because its server could not renew its lease (" + message + ")";
      return new Failed(FailureType.LEASE_LOST, lapsed, false, code, runtime, ending.duration());
    }
    boolean temporary = type == FailureType.TEMPORARY;
    return new Failed(type, message, temporary, code, runtime, ending.duration());
  }
}
