package dev.drover.agent;

import dev.drover.agent.AgentManifest.SelfTest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether an agent can run here, by running it. */
final class SelfTester {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTester.class);

  private final AgentRuntime runtime;
  private final Starter starter;
  private final Executor executor;

  SelfTester(AgentRuntime runtime, Starter starter, Executor executor) {
    this.runtime = runtime;
    this.starter = starter;
    this.executor = executor;
  }

  /** Tests the agent; what comes of it never is an exception. */
  CompletableFuture<Availability> test(AgentManifest manifest) {
    return CompletableFuture.supplyAsync(() -> runtime.missing(manifest), executor)
        .thenCompose(missing -> test(manifest, missing))
        .exceptionally(
            e -> {
              LOG.atError()
                  .setCause(e)
                  .addKeyValue("agent", manifest.name())
                  .log("Self-test broke");
              return new Availability.Unavailable("the self-test broke: " + e);
            });
  }

  private CompletableFuture<Availability> test(AgentManifest manifest, Optional<String> missing) {
    if (missing.isPresent()) {
      return CompletableFuture.completedFuture(new Availability.Unavailable(missing.get()));
    }
    SelfTest test = manifest.selfTest().orElse(null);
    if (test == null) {
      return CompletableFuture.completedFuture(new Availability.Available(false));
    }
    String id = "self-test-" + UUID.randomUUID();
    AttemptIdentity identity =
        new AttemptIdentity(id, manifest.name().value(), 1, id, Optional.empty());
    AttemptRequest request =
        new AttemptRequest(
            manifest,
            test.input(),
            manifest.home(),
            manifest.limits().timeout(),
            identity,
            LogSink.NONE);
    return starter
        .start(request, AttemptFiles.LOOKED_AT)
        .result()
        .thenApply(
            result -> {
              Availability found = judge(test, result);
              if (found instanceof Availability.Available) {
                runtime.learn(request);
              }
              return found;
            });
  }

  private static Availability judge(SelfTest test, AttemptResult result) {
    if (result instanceof AttemptResult.Succeeded succeeded) {
      return SubsetMatch.difference(test.expect(), succeeded.output())
          .<Availability>map(d -> new Availability.Unavailable("self-test: output " + d))
          .orElse(new Availability.Available(true));
    } else if (result instanceof AttemptResult.Failed failed) {
      return new Availability.Unavailable("self-test: " + failed.type() + ": " + failed.message());
    }
    return new Availability.Unavailable("self-test: was cancelled");
  }
}
