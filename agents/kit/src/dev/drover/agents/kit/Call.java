package dev.drover.agents.kit;

import java.io.PrintStream;
import java.util.Map;

/**
 * On whose behalf an agent works, and where it says how it goes.
 *
 * @param environment the process's, with the {@code DROVER_*} variables of this attempt
 */
public record Call(Map<String, String> environment, PrintStream log) {
  public Call {
    environment = Map.copyOf(environment);
  }

  /** Writes a line of log at once; whatever it holds, it is one line. */
  public void say(String line) {
    log.println(PlainText.oneLine(line));
    log.flush();
  }
}
