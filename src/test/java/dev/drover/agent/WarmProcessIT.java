package dev.drover.agent;

import dev.drover.RequiredTool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WarmProcessIT extends HostileWarmContract {
  @BeforeAll
  static void needsUtilLinux() {
    RequiredTool.assume("setsid");
    RequiredTool.assume("prlimit");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    return new ProcessRuntime(settings, executor);
  }

  @Test
  void whoClosesItsOutputWithoutAnAnswerIsEnded() {
    start(agent("exec >&-; sleep 60").read()).failed(FailureType.PROTOCOL);
  }
}
