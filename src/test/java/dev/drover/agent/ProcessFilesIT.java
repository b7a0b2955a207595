package dev.drover.agent;

import dev.drover.RequiredTool;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.BeforeAll;

class ProcessFilesIT extends FilesContract {
  @BeforeAll
  static void needsUtilLinux() {
    RequiredTool.assume("setsid");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings, ExecutorService executor) {
    return new ProcessRuntime(settings, executor);
  }
}
