package dev.drover.agent;

import java.time.Clock;
import java.util.concurrent.Executor;

/** What all attempts of a runtime on this host share. */
record LocalExecution(
    Isolation isolation,
    Preparation preparation,
    Supervisor supervisor,
    Leash leash,
    Clock clock,
    Executor executor) {

  static LocalExecution of(Isolation isolation, RuntimeSettings settings, Executor executor) {
    return new LocalExecution(
        isolation,
        new Preparation(isolation, settings),
        new Supervisor(settings.maxConcurrent()),
        new Leash(settings.leash()),
        settings.clock(),
        executor);
  }

  RunningAttempt start(AttemptRequest request) {
    LocalAttempt attempt = new LocalAttempt(request, this, executor);
    supervisor.submit(attempt);
    return attempt;
  }

  void close() {
    supervisor.close();
    leash.close();
    isolation.close();
  }
}
