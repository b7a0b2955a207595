package dev.drover.agent;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import dev.drover.agent.LocalAttempt.Stop;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads an ended process by the contract that every agent keeps. */
final class Outcome {
  private static final int TEMPORARY = 75;
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

  AttemptResult of(EndedProcess process, Optional<Stop> stop) {
    if (stop.isPresent()) {
      Stop why = stop.get();
      return why.failure().isPresent()
          ? failed(why.failure().get(), why.message() + lastLines(process), null, process)
          : new Cancelled(why.message(), runtime, process.duration());
    }
    int code = process.exitCode();
    if (code != 0) {
      return exit(code, process);
    }
    return output(process);
  }

  private AttemptResult exit(int code, EndedProcess process) {
    List<String> tail = process.logTail();
    if (code == TEMPORARY) {
      String message = "asks to be tried again (exit code 75)" + lastLines(process);
      return failed(FailureType.TEMPORARY, message, code, process);
    }
    if (isLauncher(code, tail)) {
      return failed(
          FailureType.START_FAILED, "could not be started" + lastLines(process), null, process);
    }
    String meaning =
        switch (code) {
          case 126 -> " (a command is not executable)";
          case 127 -> " (a command was not found)";
          default -> code > 128 ? signal(code - 128) : "";
        };
    String message = "ended with exit code " + code + meaning + lastLines(process);
    return failed(FailureType.EXIT_CODE, message, code, process);
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

  private AttemptResult output(EndedProcess process) {
    byte[] bytes = process.output();
    SecretMask mask = process.mask();
    try {
      Object output = Json.parse(bytes);
      List<String> faults = manifest.output().validate(output);
      if (faults.isEmpty()) {
        return new Succeeded(mask.json(output), runtime, process.duration());
      }
      String message = "the output breaks the agent's schema: " + String.join("; ", faults);
      return failed(FailureType.OUTPUT_INVALID, mask.text(message), 0, process);
    } catch (InvalidJson e) {
      String message = "the output is not JSON: " + describe(bytes, e, mask);
      return failed(FailureType.OUTPUT_NOT_JSON, message, 0, process);
    }
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

  private static String lastLines(EndedProcess process) {
    List<String> tail = process.logTail();
    return tail.isEmpty() ? "" : "; its last lines: " + String.join(" | ", tail);
  }

  private static String refusals(EndedProcess process) {
    List<String> hosts = process.refusals();
    return hosts.isEmpty() ? "" : "; refused by its network list: " + String.join(", ", hosts);
  }

  private Failed failed(
      FailureType type, String why, @Nullable Integer exitCode, EndedProcess process) {
    String message = why + refusals(process);
    OptionalInt code = exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    if (process.hasLapsed()) {
      String lapsed = "stopped, because its server could not renew its lease (" + message + ")";
      return new Failed(FailureType.LEASE_LOST, lapsed, false, code, runtime, process.duration());
    }
    boolean temporary = type == FailureType.TEMPORARY;
    return new Failed(type, message, temporary, code, runtime, process.duration());
  }
}
