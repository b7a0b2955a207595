package dev.drover.agent;

import dev.drover.RequiredTool;
import org.junit.jupiter.api.BeforeAll;

class ProcessRuntimeIT extends HostRuntimeContract {
  @BeforeAll
  static void needsUtilLinux() {
    RequiredTool.assume("setsid");
    RequiredTool.assume("prlimit");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    return new ProcessRuntime(settings, executor);
  }
}
