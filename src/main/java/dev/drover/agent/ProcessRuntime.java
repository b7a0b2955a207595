package dev.drover.agent;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Runs agents as plain processes of the host, without any isolation: for development where no
 * sandbox can be had. Time, memory, processes, output and log are bounded all the same.
 */
public final class ProcessRuntime implements AgentRuntime {
  private final LocalExecution execution;

  /**
   * Sets the runtime up. Whoever does it has reason to warn people.
   *
   * @param executor where log listeners are called and results completed; attempts do not hold its
   *     threads
   */
  public ProcessRuntime(RuntimeSettings settings, Executor executor) {
    execution = LocalExecution.of(new HostIsolation(settings.classpath()), settings, executor);
  }

  @Override
  public String name() {
    return execution.isolation().name();
  }

  @Override
  public Optional<String> missing(AgentManifest manifest) {
    return execution.isolation().missing(manifest);
  }

  @Override
  public RunningAttempt start(AttemptRequest request) {
    return execution.start(request);
  }

  @Override
  public void forget(Path home) {
    execution.forget(home);
  }

  @Override
  public void learn(AttemptRequest selfTest) {
    execution.learn(selfTest);
  }

  @Override
  public void leaseRenewed(long askedAt) {
    execution.leash().renewed(askedAt);
  }

  @Override
  public void close() {
    execution.close();
  }
}
