package dev.drover.agent;

import dev.drover.RequiredTool;
import org.junit.jupiter.api.BeforeAll;

class WarmSandboxIT extends HostileWarmContract {
  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
    RequiredTool.assume("prlimit");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    return new SandboxRuntime(settings, executor);
  }
}
