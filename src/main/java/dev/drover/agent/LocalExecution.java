package dev.drover.agent;

import dev.drover.agent.Preparation.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all attempts of a runtime on this host share. */
record LocalExecution(
    Isolation isolation,
    Preparation preparation,
    Supervisor supervisor,
    WarmPool warm,
    Leash leash,
    Clock clock,
    Executor executor,
    ClassArchives archives) {
  private static final Logger LOG = LoggerFactory.getLogger(LocalExecution.class);

  static LocalExecution of(Isolation isolation, RuntimeSettings settings, Executor executor) {
    ClassArchives archives =
        new ClassArchives(settings.libraries().archives(), settings.classpath());
    Supervisor supervisor = new Supervisor(settings.maxConcurrent());
    return new LocalExecution(
        isolation,
        new Preparation(isolation, settings, archives),
        supervisor,
        new WarmPool(supervisor, settings.maxConcurrent()),
        new Leash(settings.leash()),
        settings.clock(),
        executor,
        archives);
  }

  RunningAttempt start(AttemptRequest request) {
    if (request.manifest().warm().isPresent()) {
      WarmAttempt attempt = new WarmAttempt(request, this);
      supervisor.post(() -> warm.enter(attempt));
      return attempt;
    }
    return submit(request, p -> p.prepare(request));
  }

  private LocalAttempt submit(AttemptRequest request, Step<Preparation.Prepared> preparing) {
    LocalAttempt attempt = new LocalAttempt(request, this, preparing);
    supervisor.submit(attempt);
    return attempt;
  }

  /** Lets later attempts start sooner, by an attempt that is known to succeed. */
  void learn(AttemptRequest selfTest) {
    AgentManifest manifest = selfTest.manifest();
    if (!archives.isWanted(manifest)) {
      return;
    }
    try {
      Path workshop = archives.workshop(manifest);
      var unused =
          submit(selfTest, p -> p.prepareArchiving(selfTest, workshop))
              .result()
              .thenAccept(
                  result ->
                      archives.take(manifest, workshop, result instanceof AttemptResult.Succeeded));
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("agent", manifest.name()).log("No class archive");
    }
  }

  /** Something that takes time and must be done before an attempt can begin. */
  interface Step<T> {
    T take(Preparation preparation) throws Refused;
  }

  /**
   * Takes a step away from the supervisor's thread, and goes on there with what it gave, or with
   * why it failed.
   */
  <T> void prepare(
      Executor elsewhere,
      Step<T> step,
      Consumer<T> then,
      BiConsumer<FailureType, String> otherwise) {
    elsewhere.execute(
        () -> {
          try {
            T taken = step.take(preparation);
            supervisor.post(() -> then.accept(taken));
          } catch (Refused refused) {
            String message = String.valueOf(refused.getMessage());
            supervisor.post(() -> otherwise.accept(refused.type(), message));
          } catch (Throwable e) { // whatever it is, the result must not stay open
            LOG.atError().setCause(e).log("An attempt could not be prepared");
            supervisor.post(() -> otherwise.accept(FailureType.INTERNAL, e.toString()));
          }
        });
  }

  /** Ends the warm processes of the agent in a folder. */
  void forget(Path home) {
    supervisor.post(() -> warm.forget(home));
  }

  void close() {
    supervisor.close();
    leash.close();
    isolation.close();
  }
}
