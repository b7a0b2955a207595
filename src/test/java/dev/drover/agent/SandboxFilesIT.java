package dev.drover.agent;

import dev.drover.RequiredTool;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.BeforeAll;

class SandboxFilesIT extends FilesContract {
  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings, ExecutorService executor) {
    return new SandboxRuntime(settings, executor);
  }
}
