package dev.drover.agent;

import dev.drover.RequiredTool;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all runtimes, over the protocol of a Dagger session. */
class DaggerRuntimeIT extends RuntimeContract {
  private final List<TestEngine> engines = new ArrayList<>();

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    try {
      Path store = Files.createDirectories(folder.resolve("engine-" + engines.size()));
      TestEngine engine = new TestEngine(TestEngine.Flavour.ONE_ID, store);
      engines.add(engine);
      DaggerEngine dagger = new DaggerEngine(SessionSettings.of(engine.environment()));
      return new DaggerRuntime(settings, dagger, DaggerRuntime.Egress.DENIED, executor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void closeEngines() {
    engines.forEach(TestEngine::close);
  }

  @Override
  TestAgent agent(String name) {
    return super.agent(name).with("image: test:1");
  }
}
