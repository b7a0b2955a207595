package dev.drover.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The shell that works on an idempotency key: what a kill of the agent has to hit. */
record AgentProcess(ProcessHandle process, String key) {
  private static final String VARIABLE = "DROVER_IDEMPOTENCY_KEY=";

  /** Those that run below a server; what ends meanwhile is not among them. */
  static List<AgentProcess> below(ProcessHandle server) {
    List<AgentProcess> found = new ArrayList<>();
    server.descendants().forEach(process -> of(process).ifPresent(found::add));
    return found;
  }

  private static Optional<AgentProcess> of(ProcessHandle process) {
    Path proc = Path.of("/proc/" + process.pid());
    try {
      String command = Files.readString(proc.resolve("cmdline"));
      String[] words = command.split("\0", -1);
      if (words.length < 3 || !words[0].equals("sh") || !words[1].endsWith("/run.sh")) {
        return Optional.empty();
      }
      return Arrays.stream(Files.readString(proc.resolve("environ")).split("\0", -1))
          .filter(variable -> variable.startsWith(VARIABLE))
          .map(variable -> new AgentProcess(process, variable.substring(VARIABLE.length())))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
